//! What the third part is played with.

/// How many repairs of one kind are made in an hour.
pub(crate) const CAP: &str = "30";

/// More groups than the cap allows, whatever the hour was when they came.
pub(super) const STORM: usize = 34;

/// In force during the whole demo.
pub(crate) const POLICIES: &str = r#"// What is opted in is repaired.
@id("opted-in") @mode("enforce")
permit (principal, action, resource)
when { resource.hasTag("AutoRemediate") && resource.getTag("AutoRemediate") == "True" };

// The shop's people are asked first.
@id("the-shop-is-asked") @mode("approve")
permit (principal, action, resource)
when { resource.hasTag("team") && resource.getTag("team") == "shop" };

// Where it is tried out, it only says what it would do.
@id("only-tried-out") @mode("dry-run")
permit (principal, action, resource)
when { resource.hasTag("env") && resource.getTag("env") == "trial" };

@id("owned-by-others") @reason("whoever keeps it would put it back: mend it there")
forbid (principal, action, resource)
when { resource.owner != "none" };
"#;

pub(super) const OPTED_IN: (&str, &str) = ("AutoRemediate", "True");
pub(super) const TRIED_OUT: &[(&str, &str)] = &[OPTED_IN, ("env", "trial")];
pub(super) const SHOP: &[(&str, &str)] = &[OPTED_IN, ("team", "shop")];
pub(super) const PLAIN: &[(&str, &str)] = &[OPTED_IN];

pub(super) const OPEN: &[&str] =
    &["tcp/22 from 0.0.0.0/0 # from the wiki", "tcp/22 from 10.0.0.0/8"];
