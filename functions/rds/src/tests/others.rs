use catalog::rds::{
    DbInstanceId, DbInstanceTransit, DbProxy, DbProxyId, DbProxySetting, EventSubscription,
    EventSubscriptionId, EventSubscriptionSetting,
};
use remedy::Swap;
use runtime::Error;
use script::{Answer, Script};

use super::{apply, load, no, rds, yes};

fn tags() -> Answer {
    yes("ListTagsForResource", "<TagList><Tag><Key>a</Key><Value>b</Value></Tag></TagList>")
}

fn all() -> EventSubscriptionId {
    EventSubscriptionId("all".into())
}

fn subscription() -> Answer {
    yes(
        "DescribeEventSubscriptions",
        "<EventSubscriptionsList><EventSubscription><SourceType>db-instance</SourceType>\
         <EventCategoriesList><EventCategory>failure</EventCategory></EventCategoriesList>\
         <Enabled>true</Enabled></EventSubscription></EventSubscriptionsList>",
    )
}

#[tokio::test]
async fn a_subscription_is_read_with_its_tags() {
    let script = Script::of([subscription(), tags()]);
    let expected = EventSubscription {
        source: Some("db-instance".into()),
        categories: ["failure".into()].into(),
        enabled: true,
        tags: [("a".into(), "b".into())].into(),
    };
    assert_eq!(load(&rds(&script), &all()).await, Ok(Some(expected)));
    assert_eq!(
        script.bodies(),
        [
            "Action=DescribeEventSubscriptions&Version=2014-10-31&SubscriptionName=all",
            "Action=ListTagsForResource&Version=2014-10-31\
             &ResourceName=arn%3Aaws%3Ards%3Aeu-west-1%3A111122223333%3Aes%3Aall",
        ]
    );
}

#[tokio::test]
async fn a_subscription_that_is_gone_is_none_and_one_without_tags_to_read_is_an_error() {
    for script in [
        [no(404, "SubscriptionNotFound"), no(404, "SubscriptionNotFound")],
        [subscription(), no(404, "SubscriptionNotFound")],
    ] {
        assert_eq!(load::<EventSubscription>(&rds(&Script::of(script)), &all()).await, Ok(None));
    }
    let script = Script::of([subscription(), no(403, "AccessDenied")]);
    let error = load::<EventSubscription>(&rds(&script), &all()).await.unwrap_err().to_string();
    assert!(error.contains("kintsugi-rds needs rds:ListTagsForResource"), "{error}");
}

#[tokio::test]
async fn the_whole_list_of_categories_is_sent_with_its_source() {
    let list = |names: &[&str]| EventSubscriptionSetting::Categories {
        source: "db-instance".into(),
        list: names.iter().map(|name| (*name).into()).collect(),
    };
    let more = Swap { from: list(&["failure"]), to: list(&["failure", "configuration change"]) };
    let on = Swap {
        from: EventSubscriptionSetting::Enabled(false),
        to: EventSubscriptionSetting::Enabled(true),
    };
    let ok = || yes("ModifyEventSubscription", "");
    let script = Script::of([ok(), ok()]);
    let results = apply::<EventSubscription>(&rds(&script), &all(), &[more, on]).await;
    assert_eq!(results, [Ok(()), Ok(())]);
    let head = "Action=ModifyEventSubscription&Version=2014-10-31&SubscriptionName=all";
    assert_eq!(
        script.bodies(),
        [
            format!(
                "{head}&SourceType=db-instance\
                 &EventCategories.EventCategory.1=configuration%20change\
                 &EventCategories.EventCategory.2=failure"
            ),
            format!("{head}&Enabled=true"),
        ]
    );
}

fn proxy() -> DbProxyId {
    DbProxyId("prx-1".into())
}

fn proxies(id: &str, more: &str) -> Answer {
    let arn = format!("arn:aws:rds:eu-west-1:111122223333:db-proxy:{id}");
    yes(
        "DescribeDBProxies",
        &format!(
            "<DBProxies><member><DBProxyName>web</DBProxyName><DBProxyArn>{arn}</DBProxyArn>\
             <RequireTLS>false</RequireTLS></member></DBProxies>{more}"
        ),
    )
}

#[tokio::test]
async fn a_proxy_is_found_by_its_arn_on_whatever_page_it_is() {
    let script = Script::of([proxies("prx-0", "<Marker>2</Marker>"), proxies("prx-1", ""), tags()]);
    let expected = DbProxy {
        name: "web".into(),
        requires_tls: false,
        tags: [("a".into(), "b".into())].into(),
    };
    assert_eq!(load(&rds(&script), &proxy()).await, Ok(Some(expected)));
    assert_eq!(
        load::<DbProxy>(&rds(&Script::of([proxies("prx-0", "")])), &proxy()).await,
        Ok(None)
    );
}

#[tokio::test]
async fn a_proxy_is_changed_by_its_name_and_tried_again_while_it_is_busy() {
    let tls = |on| DbProxySetting::RequiresTls { name: "web".into(), on };
    let change = || Swap { from: tls(false), to: tls(true) };
    let script = Script::of([yes("ModifyDBProxy", ""), no(400, "InvalidDBProxyStateFault")]);
    let results = apply::<DbProxy>(&rds(&script), &proxy(), &[change(), change()]).await;
    assert!(matches!(&results[..], [Ok(()), Err(Error::Transient(_))]), "{results:?}");
    assert_eq!(
        script.bodies()[0],
        "Action=ModifyDBProxy&Version=2014-10-31&DBProxyName=web&RequireTLS=true"
    );
}

fn instance(engine: &str) -> Answer {
    yes(
        "DescribeDBInstances",
        &format!(
            "<DBInstances><DBInstance><Engine>{engine}</Engine><DBParameterGroups><DBParameterGroup>\
             <DBParameterGroupName>ours</DBParameterGroupName></DBParameterGroup></DBParameterGroups>\
             </DBInstance></DBInstances>"
        ),
    )
}

fn parameter(name: &str, value: &str) -> Answer {
    let value = format!(
        "<Parameters><Parameter><ParameterName>{name}</ParameterName>{value}</Parameter></Parameters>"
    );
    yes("DescribeDBParameters", &value)
}

async fn requires_tls(script: &Script) -> Result<Option<Option<bool>>, Error> {
    let loaded = load::<DbInstanceTransit>(&rds(script), &DbInstanceId("web".into())).await;
    loaded.map(|found| found.map(|found| found.requires_tls))
}

#[tokio::test]
async fn one_parameter_says_whether_connections_must_be_encrypted() {
    for (engine, name, value, on) in [
        ("postgres", "rds.force_ssl", "<ParameterValue>1</ParameterValue>", Some(true)),
        ("postgres", "rds.force_ssl", "<ParameterValue>0</ParameterValue>", Some(false)),
        ("mysql", "require_secure_transport", "<ParameterValue>ON</ParameterValue>", Some(true)),
        ("mysql", "require_secure_transport", "", Some(false)),
        ("mariadb", "another", "<ParameterValue>1</ParameterValue>", None),
    ] {
        let script = Script::of([instance(engine), parameter(name, value)]);
        assert_eq!(requires_tls(&script).await, Ok(Some(on)), "{engine} {name} {value}");
    }
    let script = Script::of([instance("postgres"), parameter("rds.force_ssl", "")]);
    assert_eq!(requires_tls(&script).await, Ok(Some(Some(false))));
    assert_eq!(
        script.bodies()[1],
        "Action=DescribeDBParameters&Version=2014-10-31&DBParameterGroupName=ours\
         &Filters.Filter.1.Name=parameter-name&Filters.Filter.1.Values.Value.1=rds.force_ssl"
    );
}

#[tokio::test]
async fn other_engines_have_no_such_parameter_and_what_is_gone_is_none() {
    assert_eq!(requires_tls(&Script::of([instance("oracle-ee")])).await, Ok(Some(None)));
    assert_eq!(requires_tls(&Script::of([no(404, "DBInstanceNotFound")])).await, Ok(None));
    let script = Script::of([instance("mysql"), no(403, "AccessDenied")]);
    let error = requires_tls(&script).await.unwrap_err().to_string();
    assert!(error.contains("kintsugi-rds needs rds:DescribeDBParameters"), "{error}");
}
