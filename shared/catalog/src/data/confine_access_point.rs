//! Tells how those who use an access point of EFS are held to a directory and a user: only a new one can be.

use remedy::{
    Case, Id, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
    quoted,
};

use super::{AccessPoint, AccessPointId};

/// See the [module](self).
#[derive(Debug)]
pub struct ConfineAccessPoint;

impl Remediation for ConfineAccessPoint {
    type Facet = AccessPoint;

    const SPEC: Spec = Spec {
        id: "data/confine_access_point",
        title: "Replace an EFS access point by one with a directory and a user, by hand",
        triggers: &[
            Trigger::control("EFS.3"),
            Trigger::control("EFS.4"),
            Trigger::config_rule("EFS_ACCESS_POINT_ENFORCE_ROOT_DIRECTORY"),
            Trigger::config_rule("EFS_ACCESS_POINT_ENFORCE_USER_IDENTITY"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No access point that may be mounted is deleted: the way to a new one is told.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, point: &AccessPoint, case: &Case<'_>) -> Plan<Never> {
        let has_root = !matches!(point.root.as_str(), "" | "/");
        let lacks = match (has_root, point.user.is_some()) {
            (true, true) => return Plan::none(),
            (false, true) => "a directory of its own",
            (true, false) => "a user",
            (false, false) => "a directory of its own, and a user",
        };
        let Some(id) = AccessPointId::locate(&case.signal.resource) else { return Plan::none() };
        let region = &case.signal.place.region;
        let user = point
            .user
            .map_or_else(|| "Uid=UID,Gid=GID".into(), |(u, g)| format!("Uid={u},Gid={g}"));
        let root = if has_root { quoted(&point.root) } else { "/DIRECTORY".into() };
        Plan::by_hand(
            format!("it holds nobody to {lacks}"),
            "EFS changes no access point: make a new one, mount by it in place of this one, then delete this one",
            [
                format!(
                    "aws efs create-access-point --region {region} --file-system-id {} --posix-user {user} \
                     --root-directory Path={root}",
                    quoted(&point.file_system)
                ),
                format!("aws efs delete-access-point --region {region} --access-point-id {id}"),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn what_an_access_point_lacks_is_told() {
        for (root, user, lacks) in [
            ("/", None, Some("it holds nobody to a directory of its own, and a user")),
            ("", Some((1, 2)), Some("it holds nobody to a directory of its own")),
            ("/app", None, Some("it holds nobody to a user")),
            ("/app", Some((0, 0)), None),
        ] {
            let point = AccessPoint {
                file_system: "fs-0a1b".into(),
                root: root.into(),
                user,
                ..AccessPoint::default()
            };
            let signal = signal("fsap-0a1b");
            check(&ConfineAccessPoint, &point, &signal, &[]);
            let plan = ConfineAccessPoint.plan(&point, &Case { signal: &signal, now: now() });
            assert_eq!(plan.left.first().map(|left| left.what.as_str()), lacks);
        }
    }
}
