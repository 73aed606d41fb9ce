//! The account of the demo: its security groups, who reports them, and what must become of them.

use stage::Vpc;

/// A group.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) vpc: Vpc,
    pub(crate) tags: &'static [(&'static str, &'static str)],
    /// What is to be seen in it.
    pub(crate) about: &'static str,
    /// Its rules as written, those that must go after a minus.
    pub(crate) rules: &'static [&'static str],
    pub(crate) reported: Reported,
    /// How it must end.
    pub(crate) outcome: &'static str,
}

/// Who reports a group.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reported {
    /// Security Hub, by this control, in ASFF.
    Hub(&'static str),
    /// Security Hub, by this control, in OCSF.
    HubV2(&'static str),
    /// A person who selects Security Hub's finding, by a custom action.
    Person(&'static str),
    /// Config or `CloudTrail`, as in this fixture.
    Fixture(&'static str),
    /// Security Hub, in one event with a finding that nobody can read.
    BesideNonsense(&'static str),
}

const IN: &[(&str, &str)] = &[("AutoRemediate", "True")];

/// The groups, in the order they are shown.
pub(crate) const GROUPS: &[Group] = &[
    Group {
        name: "web",
        vpc: Vpc::Own,
        tags: IN,
        about: "SSH from everywhere goes; the office, another group and HTTPS stay. Reported twice.",
        rules: &[
            "- tcp/22 from 0.0.0.0/0 # quick fix, remove later",
            "- tcp/22 from ::/0",
            "  tcp/22 from 10.0.0.0/24 # corp",
            "  tcp/22 from 2001:db8::/32",
            "  tcp/22 from @office",
            "  tcp/443 from 0.0.0.0/0",
        ],
        reported: Reported::Hub("EC2.13"),
        outcome: "fixed",
    },
    Group {
        name: "legacy",
        vpc: Vpc::Default,
        tags: IN,
        about: "The same in the default VPC, where EC2 answers otherwise.",
        rules: &[
            "- tcp/22 from 0.0.0.0/0",
            "  tcp/22 from 192.0.2.0/24",
            "  tcp/8443 from 0.0.0.0/0",
        ],
        reported: Reported::Fixture("config-restricted-ssh"),
        outcome: "fixed",
    },
    Group {
        name: "databases",
        vpc: Vpc::Own,
        tags: IN,
        about: "Ports of high risk, on IPv4 and IPv6.",
        rules: &[
            "- tcp/3306 from 0.0.0.0/0 # migration",
            "- tcp/5432 from ::/0",
            "  tcp/5432 from @office",
            "  tcp/5432 from @self",
        ],
        reported: Reported::Hub("EC2.19"),
        outcome: "fixed",
    },
    Group {
        name: "bastion",
        vpc: Vpc::Own,
        tags: IN,
        about: "Two halves of the internet are the internet.",
        rules: &[
            "- tcp/22 from 0.0.0.0/1",
            "- tcp/22 from 128.0.0.0/1",
            "  tcp/22 from 203.0.113.7/32 # on call",
        ],
        reported: Reported::Fixture("config-security-hub-rule"),
        outcome: "fixed",
    },
    Group {
        name: "partners",
        vpc: Vpc::Own,
        tags: IN,
        about: "A prefix list is what is in it: @world holds 0.0.0.0/0, @corp 10.0.0.0/8.",
        rules: &["- tcp/22 from @world # everybody we work with", "  tcp/22 from @corp"],
        reported: Reported::Hub("EC2.13"),
        outcome: "fixed",
    },
    Group {
        name: "build-farm",
        vpc: Vpc::Own,
        tags: IN,
        about: "Wide rules hold the port too; ping is not a port.",
        rules: &[
            "- tcp/20-30 from 0.0.0.0/0 # agents",
            "- all traffic from ::/0",
            "  all traffic from 10.0.0.0/8",
            "  icmp type 8 from 0.0.0.0/0",
        ],
        reported: Reported::HubV2("EC2.13"),
        outcome: "fixed",
    },
    Group {
        name: "storefront",
        vpc: Vpc::Default,
        tags: IN,
        about: "Only the authorised ports (80, 443) may be open to the world.",
        rules: &[
            "  tcp/80 from 0.0.0.0/0",
            "  tcp/443 from 0.0.0.0/0",
            "- tcp/8080 from 0.0.0.0/0",
            "- tcp/1234-4321 from 0.0.0.0/0",
            "  tcp/0-62000 from 10.2.0.0/16",
        ],
        reported: Reported::Hub("EC2.18"),
        outcome: "fixed",
    },
    Group {
        name: "just-opened",
        vpc: Vpc::Own,
        tags: IN,
        about: "CloudTrail sees the call that opens a port, seconds after it was made.",
        rules: &["- tcp/9000 from 0.0.0.0/0 # only for a test", "  tcp/9000 from 198.51.100.0/24"],
        reported: Reported::Fixture("cloudtrail-authorize"),
        outcome: "fixed",
    },
    Group {
        name: "payments",
        vpc: Vpc::Own,
        tags: IN,
        about: "A person selected the finding in Security Hub and asked for the repair.",
        rules: &["- tcp/3389 from 0.0.0.0/0", "  tcp/3389 from 10.0.0.0/8"],
        reported: Reported::Person("EC2.14"),
        outcome: "fixed",
    },
    Group {
        name: "exempt",
        vpc: Vpc::Own,
        tags: IN,
        about: "One rule is exempt until a date; the other is not.",
        rules: &[
            "  tcp/21 from 0.0.0.0/0 # go-live, exempt-until=2099-12-31",
            "- tcp/23 from 0.0.0.0/0",
        ],
        reported: Reported::Hub("EC2.19"),
        outcome: "fixed",
    },
    Group {
        name: "neighbour",
        vpc: Vpc::Own,
        tags: IN,
        about: "Its finding came in one event with another that nobody can read.",
        rules: &["- tcp/22 from 0.0.0.0/0"],
        reported: Reported::BesideNonsense("EC2.13"),
        outcome: "fixed",
    },
    Group {
        name: "mesh",
        vpc: Vpc::Own,
        tags: IN,
        about: "The finding is late: nothing is open any more.",
        rules: &["  all traffic from @self", "  tcp/22 from @office"],
        reported: Reported::Hub("EC2.19"),
        outcome: "right",
    },
    Group {
        name: "not-ours",
        vpc: Vpc::Own,
        tags: &[("Team", "search")],
        about: "Nobody opted it in.",
        rules: &["  tcp/22 from 0.0.0.0/0"],
        reported: Reported::Hub("EC2.13"),
        outcome: "held",
    },
    Group {
        name: "nearly",
        vpc: Vpc::Default,
        tags: &[("AutoRemediate", "true")],
        about: "The tag is not quite the tag.",
        rules: &["  tcp/22 from 0.0.0.0/0"],
        reported: Reported::Hub("EC2.13"),
        outcome: "held",
    },
    Group {
        name: "hands-off",
        vpc: Vpc::Own,
        tags: &[("AutoRemediate", "True"), ("DoNotRemediate", "ask Kim first")],
        about: "Opted in and out.",
        rules: &["  all traffic from 0.0.0.0/0"],
        reported: Reported::Fixture("config-restricted-ssh"),
        outcome: "held",
    },
    Group {
        name: "shop-WebGroup-1A2B",
        vpc: Vpc::Own,
        tags: &[
            ("AutoRemediate", "True"),
            ("aws:cloudformation:stack-name", "shop"),
            ("aws:cloudformation:logical-id", "WebGroup"),
        ],
        about: "CloudFormation keeps it: it is to be mended in the stack.",
        rules: &["  tcp/22 from 0.0.0.0/0"],
        reported: Reported::Hub("EC2.13"),
        outcome: "held",
    },
    Group {
        name: "eks-cluster-sg-prod-1234",
        vpc: Vpc::Own,
        tags: &[("AutoRemediate", "True"), ("aws:eks:cluster-name", "prod")],
        about: "EKS keeps it.",
        rules: &["  all traffic from @self", "  tcp/22 from ::/0"],
        reported: Reported::Hub("EC2.54"),
        outcome: "held",
    },
    Group {
        name: "default",
        vpc: Vpc::Own,
        tags: IN,
        about: "A network interface is in it: a person should look before it is emptied.",
        rules: &["  tcp/22 from 192.0.2.0/24", "  all traffic from @self"],
        reported: Reported::Hub("EC2.2"),
        outcome: "held",
    },
    Group {
        name: "default",
        vpc: Vpc::Default,
        tags: IN,
        about: "Nothing uses it: whatever lands in it by accident shall reach nothing.",
        rules: &[
            "- tcp/22 from 192.0.2.0/24",
            "- all traffic from @self",
            "- all traffic to 0.0.0.0/0",
        ],
        reported: Reported::Fixture("config-organization-rule"),
        outcome: "fixed",
    },
];

impl Group {
    /// Its ingress rules, without those that every default group has.
    pub(crate) fn ingress(&self) -> Vec<&'static str> {
        let own = |text: &&str| !text.contains(" to ") && !self.has_from_birth(text);
        self.rules.iter().map(|rule| rule[2..].trim()).filter(own).collect()
    }

    /// Whether it is the default group of its VPC.
    pub(crate) fn is_default(&self) -> bool {
        self.name == "default"
    }

    fn has_from_birth(&self, text: &str) -> bool {
        self.is_default() && text.ends_with("@self")
    }

    /// Whether a rule must go.
    pub(crate) fn goes(&self, text: &str) -> bool {
        self.rules.iter().any(|rule| rule.strip_prefix("- ") == Some(text))
    }

    /// Who reports it, for people.
    pub(crate) fn reporter(&self) -> String {
        match self.reported {
            Reported::Hub(control) | Reported::BesideNonsense(control) => {
                format!("Security Hub, {control}")
            }
            Reported::HubV2(control) => format!("Security Hub V2 (OCSF), {control}"),
            Reported::Person(control) => format!("a person's custom action, {control}"),
            Reported::Fixture(name) if name.starts_with("config") => "AWS Config".into(),
            Reported::Fixture(_) => "CloudTrail".into(),
        }
    }
}
