//! What engines differ in.

/// Whether members of a cluster of this engine are set up one by one where RDS has them set up one by one:
/// all but the Multi-AZ clusters of `MySQL` and `PostgreSQL`.
pub(super) fn has_own_members(engine: &str) -> bool {
    engine.starts_with("aurora") || matches!(engine, "neptune" | "docdb")
}

/// Whether the operating system is the customer's: RDS Custom.
pub(super) fn is_custom(engine: &str) -> bool {
    engine.starts_with("custom-")
}

/// The port it listens at where nobody says otherwise.
pub(super) fn default_port(engine: &str) -> Option<i32> {
    let engine = engine.strip_prefix("custom-").unwrap_or(engine);
    let ports: &[(&str, i32)] = &[
        ("aurora-postgresql", 5432),
        ("aurora", 3306),
        ("db2", 50000),
        ("docdb", 27017),
        ("mariadb", 3306),
        ("mysql", 3306),
        ("neptune", 8182),
        ("oracle", 1521),
        ("postgres", 5432),
        ("sqlserver", 1433),
    ];
    ports.iter().find(|(start, _)| engine.starts_with(start)).map(|(_, port)| *port)
}

/// Another one, for a command.
pub(super) fn other_port(port: i32) -> i32 {
    if port < 50_000 { port + 10_000 } else { port - 10_000 }
}

/// The name of the administrator that the console proposes.
pub(super) fn default_admin(engine: &str) -> Option<&'static str> {
    match engine {
        "neptune" | "docdb" => None,
        "postgres" | "aurora-postgresql" => Some("postgres"),
        _ => Some("admin"),
    }
}

/// The logs that an instance of this engine can send to `CloudWatch` and that controls ask for.
pub(super) fn instance_logs(engine: &str) -> &'static [&'static str] {
    match engine {
        "aurora-postgresql" => &["postgresql"],
        "postgres" => &["postgresql", "upgrade"],
        "aurora" | "aurora-mysql" | "mariadb" | "mysql" => {
            &["audit", "error", "general", "slowquery"]
        }
        // The Express edition has no agent.
        "sqlserver-ex" => &["error"],
        _ if engine.starts_with("sqlserver-") => &["agent", "error"],
        _ if engine.starts_with("oracle-") => &["alert", "audit", "listener", "trace"],
        _ => &[],
    }
}

/// The log of a cluster of this engine that tells who did what, and that controls ask for.
pub(super) fn cluster_log(engine: &str) -> Option<&'static str> {
    match engine {
        "aurora-postgresql" => Some("postgresql"),
        "aurora" | "aurora-mysql" | "neptune" | "docdb" => Some("audit"),
        _ => None,
    }
}

/// Why RDS does not change anything of what is in this state until a person has done something; none: it is
/// available, or soon will be.
pub(super) fn rests(status: &str) -> Option<String> {
    let rests = matches!(
        status,
        "failed"
            | "inaccessible-encryption-credentials"
            | "inaccessible-encryption-credentials-recoverable"
            | "insufficient-capacity"
            | "restore-error"
            | "stopped"
            | "storage-full"
    ) || status.starts_with("incompatible-");
    rests.then(|| format!("it is {status}, and RDS changes only what is available"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_told_apart() {
        for (engine, port, admin) in [
            ("aurora-mysql", Some(3306), Some("admin")),
            ("aurora-postgresql", Some(5432), Some("postgres")),
            ("custom-oracle-ee", Some(1521), Some("admin")),
            ("docdb", Some(27017), None),
            ("neptune", Some(8182), None),
            ("sqlserver-ex", Some(1433), Some("admin")),
            ("new", None, Some("admin")),
        ] {
            assert_eq!((default_port(engine), default_admin(engine)), (port, admin), "{engine}");
        }
        assert_eq!(instance_logs("sqlserver-ex"), ["error"]);
        assert_eq!(instance_logs("oracle-se2-cdb").len(), 4);
        assert!(instance_logs("custom-oracle-ee").is_empty() && instance_logs("db2-se").is_empty());
    }

    #[test]
    fn what_is_busy_is_waited_for_and_what_rests_is_not() {
        for status in ["available", "backing-up", "modifying", "upgrading", "deleting", ""] {
            assert_eq!(rests(status), None, "{status}");
        }
        for status in ["stopped", "incompatible-network", "failed"] {
            assert!(rests(status).is_some(), "{status}");
        }
    }
}
