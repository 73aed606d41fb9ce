//! What the shell itself is told: the limits, the ledger, the topic, who we are.

use chrono::TimeDelta;
use remedy::{Arn, Guard, Own, Parameter, Place, Settings, Wrong};
use runtime::Limits;
use scope::Bounds;

/// The cap of repairs.
pub const MAX_REPAIRS_PER_HOUR: Parameter = Parameter {
    name: "MaxRepairsPerHour",
    default: "50",
    allowed: "a whole number from 1 to 1000000",
    about: "how many repairs of one kind an account may see in an hour; the rest is held and told",
};
/// The role in other accounts.
pub const MEMBER_ROLE_NAME: Parameter = Parameter {
    name: "MemberRoleName",
    default: "",
    allowed: "the name of a role without its path, or nothing",
    about: "the role that is assumed in other accounts; without it only this account is repaired",
};
/// What says whose a resource is.
pub const TEAM_TAG_KEYS: Parameter = Parameter {
    name: "TeamTagKeys",
    default: "team,owner,Team,Owner",
    allowed: "tag keys, separated by commas",
    about: "tags that say whose a resource is: kept with records, for routing and for the report",
};
/// How long records are kept.
pub const RECORD_DAYS: Parameter = Parameter {
    name: "RecordDays",
    default: "400",
    allowed: "a whole number from 1 to 3653",
    about: "for how many days records are kept; what was done can be undone from its record only",
};
/// Whether findings are told.
pub const UPDATE_FINDINGS: Parameter = Parameter {
    name: "UpdateFindings",
    default: "true",
    allowed: "true, false",
    about: "whether Security Hub findings get a note of what was done, and a workflow status",
};

/// How long people can answer.
pub const APPROVAL_HOURS: Parameter = Parameter {
    name: "ApprovalHours",
    default: "72",
    allowed: "a whole number from 1 to 720",
    about: "for how many hours a plan that waits for a person can be approved",
};
/// How long what was undone or rejected is left alone.
pub const EXEMPT_DAYS: Parameter = Parameter {
    name: "ExemptDays",
    default: "30",
    allowed: "a whole number from 1 to 3653",
    about: "for how many days a resource is left alone after its repair was undone or rejected",
};

/// The shell's parameters that an operator sets, in the order of the template.
pub const PARAMETERS: &[Parameter] = &[
    MAX_REPAIRS_PER_HOUR,
    MEMBER_ROLE_NAME,
    APPROVAL_HOURS,
    EXEMPT_DAYS,
    TEAM_TAG_KEYS,
    RECORD_DAYS,
    UPDATE_FINDINGS,
];

/// Where records go.
pub const TABLE_NAME: Parameter = Parameter {
    name: "TableName",
    default: "",
    allowed: "the name of the stack's DynamoDB table",
    about: "where records are kept",
};
/// Where messages go.
pub const TOPIC_ARN: Parameter = Parameter {
    name: "TopicArn",
    default: "",
    allowed: "the ARN of the stack's SNS topic",
    about: "where messages are published",
};
/// Whose calls are our own.
pub const OWN_ROLES: Parameter = Parameter {
    name: "OwnRoles",
    default: "",
    allowed: "names of roles, separated by commas, the function's own first",
    about: "roles whose calls are known as our own when CloudTrail reports them",
};
/// Which remediations this function serves.
pub const REMEDIATIONS: Parameter = Parameter {
    name: "Remediations",
    default: "",
    allowed: "ids of this function's remediations, separated by commas, or nothing for all of them",
    about: "which remediations this function serves",
};
/// Whether connections are opened before the first event.
pub const WARM_UP: Parameter = Parameter {
    name: "WarmUp",
    default: "true",
    allowed: "true, false",
    about: "whether connections to AWS are opened while the function starts",
};

/// Whether this function speaks for all.
pub const ANSWERS_OTHERS: Parameter = Parameter {
    name: "AnswersOthers",
    default: "false",
    allowed: "true, false",
    about: "whether it is this function that tells a person who asked for what no function repairs",
};

/// Where what a person asks for is sent.
pub const QUEUES: Parameter = Parameter {
    name: "Queues",
    default: "",
    allowed: "name of a function=URL of its queue, separated by commas",
    about: "the queues of the functions, by their names",
};
/// Where what could not be handled rests.
pub const DEAD_LETTERS: Parameter = Parameter {
    name: "DeadLetters",
    default: "",
    allowed: "name of a function=URL of its dead-letter queue, separated by commas",
    about: "the dead-letter queues of the functions, by their names",
};

/// What the template gives every function, and no operator sets.
pub const WIRING: &[Parameter] = &[
    TABLE_NAME,
    TOPIC_ARN,
    OWN_ROLES,
    REMEDIATIONS,
    WARM_UP,
    ANSWERS_OTHERS,
    QUEUES,
    DEAD_LETTERS,
];

/// The shell's settings, read and checked.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) limits: Limits,
    /// What the stack's parameters say of policies.
    pub(crate) bounds: Bounds,
    pub(crate) own: Own,
    /// The role that acts here.
    pub(crate) role: String,
    pub(crate) member_role: String,
    pub(crate) table: String,
    pub(crate) topic: String,
    /// Where the function runs, as far as the topic tells.
    pub(crate) home: Place,
    pub(crate) keep: TimeDelta,
    pub(crate) update_findings: bool,
    pub(crate) warm_up: bool,
    pub(crate) answers_others: bool,
}

impl Setup {
    /// Reads and checks them all.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Wrong> {
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let roles: Vec<_> = settings.list(&OWN_ROLES).map(str::to_owned).collect();
        let first = |_: &str| roles.first().cloned();
        let home = home(settings)?;
        // A function that does not use it does not start on a wrong one, either.
        days(settings, &EXEMPT_DAYS)?;
        Ok(Self {
            limits: limits(settings, home.clone())?,
            bounds: Bounds::configured(settings)?,
            role: settings.read(&OWN_ROLES, first)?,
            own: Own { roles, note_by: "kintsugi" },
            member_role: settings.read(&MEMBER_ROLE_NAME, role_name)?,
            table: settings.read(&TABLE_NAME, named)?,
            topic: settings.read(&TOPIC_ARN, named)?,
            home,
            keep: days(settings, &RECORD_DAYS)?,
            update_findings: settings.read(&UPDATE_FINDINGS, yes_or_no)?,
            warm_up: settings.read(&WARM_UP, yes_or_no)?,
            answers_others: settings.read(&ANSWERS_OTHERS, yes_or_no)?,
        })
    }
}

/// What the operator allows, as it is set; `home` is where the stack is.
///
/// # Errors
/// If a parameter is set to what it cannot be.
pub fn limits(settings: &Settings, home: Place) -> Result<Limits, Wrong> {
    let hours = settings.read(&APPROVAL_HOURS, |text| number(text, 720))?;
    Ok(Limits {
        guard: Guard::configured(settings)?,
        cap: settings.read(&MAX_REPAIRS_PER_HOUR, |text| number(text, 1_000_000))?,
        home,
        approval: TimeDelta::hours(hours.into()),
        teams: settings.list(&TEAM_TAG_KEYS).map(str::to_owned).collect(),
    })
}

/// Where the stack is, as far as its topic tells.
///
/// # Errors
/// If the topic is not set.
pub fn home(settings: &Settings) -> Result<Place, Wrong> {
    settings.read(&TOPIC_ARN, place_of_topic)
}

/// A parameter that says how many days.
///
/// # Errors
/// If it is set to what it cannot be.
pub fn days(settings: &Settings, parameter: &Parameter) -> Result<TimeDelta, Wrong> {
    let days = settings.read(parameter, |text| number(text, 3_653))?;
    Ok(TimeDelta::days(days.into()))
}

fn number(text: &str, most: u32) -> Option<u32> {
    text.parse().ok().filter(|number| (1..=most).contains(number))
}

fn yes_or_no(text: &str) -> Option<bool> {
    text.parse().ok()
}

fn role_name(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    (text.len() <= 64 && text.chars().all(plain)).then(|| text.to_owned())
}

fn place_of_topic(arn: &str) -> Option<Place> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "sns")?;
    let place = Place {
        partition: arn.partition.into(),
        account: arn.account.into(),
        region: arn.region.into(),
    };
    place.is_plausible().then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDED: [(&str, &str); 3] = [
        ("TABLE_NAME", "kintsugi"),
        ("TOPIC_ARN", "arn:aws-cn:sns:cn-north-1:111122223333:kintsugi"),
        ("OWN_ROLES", "kintsugi-ec2,KintsugiMember"),
    ];

    fn setup(more: &[(&str, &str)]) -> Result<Setup, String> {
        let settings: Settings = NEEDED.iter().chain(more).copied().collect();
        Setup::read(&settings).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn what_the_template_gives_is_enough() {
        let setup = setup(&[]).unwrap();
        assert_eq!(setup.limits.cap, 50);
        assert_eq!(setup.role, "kintsugi-ec2");
        assert_eq!(setup.own.roles, ["kintsugi-ec2", "KintsugiMember"]);
        assert_eq!(setup.home, Place::new("111122223333", "cn-north-1"));
        assert_eq!(setup.keep, TimeDelta::days(400));
        assert!(setup.update_findings && setup.warm_up);
    }

    #[test]
    fn a_wrong_one_says_which_what_and_what_is_allowed() {
        for (variable, given, said) in [
            ("TABLE_NAME", "", "parameter TableName (environment TABLE_NAME) is ``"),
            ("TOPIC_ARN", "", "the ARN of the stack's SNS topic"),
            ("TOPIC_ARN", "arn:aws:sqs:eu-west-1:111122223333:q", "TOPIC_ARN"),
            ("TOPIC_ARN", "arn:aws:sns:eu-west-1::q", "TOPIC_ARN"),
            ("OWN_ROLES", " , ", "OWN_ROLES"),
            ("MAX_REPAIRS_PER_HOUR", "0", "is `0`; allowed: a whole number from 1 to 1000000"),
            ("MAX_REPAIRS_PER_HOUR", "many", "is `many`"),
            ("RECORD_DAYS", "-1", "RECORD_DAYS"),
            ("UPDATE_FINDINGS", "yes", "is `yes`; allowed: true, false"),
            ("MEMBER_ROLE_NAME", "arn:aws:iam::1:role/x", "MEMBER_ROLE_NAME"),
            ("APPROVAL_HOURS", "721", "is `721`; allowed: a whole number from 1 to 720"),
            ("EXEMPT_DAYS", "0", "is `0`; allowed: a whole number from 1 to 3653"),
            ("SCOPE_TAG_KEY", "", "SCOPE_TAG_KEY"),
            ("MODE", "dryrun", "is `dryrun`; allowed: enforce, dry-run"),
        ] {
            let wrong = setup(&[(variable, given)]).unwrap_err();
            assert!(wrong.contains(said), "{wrong}");
        }
    }
}
