use catalog::ec2::{LaunchTemplate, LaunchTemplateId, TemplateChange, TemplateEdit, Tokens};
use runtime::{Cloud, Error};
use script::{Answer, Script};

use super::{action, ec2, field, home, make, no, yes};

const TEMPLATE: &str = "<launchTemplates><item><launchTemplateId>lt-1</launchTemplateId>\
    <launchTemplateName>web</launchTemplateName><defaultVersionNumber>3</defaultVersionNumber>\
    <latestVersionNumber>4</latestVersionNumber></item></launchTemplates>";

const DATA: &str = "<metadataOptions><state>applied</state><httpTokens>optional</httpTokens>\
    <httpPutResponseHopLimit>2</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint>\
    </metadataOptions><networkInterfaceSet><item><deviceIndex>0</deviceIndex>\
    <associatePublicIpAddress>true</associatePublicIpAddress><groupSet><groupId>sg-1</groupId></groupSet>\
    </item><item><deviceIndex>1</deviceIndex><description>back</description></item></networkInterfaceSet>\
    <blockDeviceMappingSet><item><deviceName>/dev/xvda</deviceName><ebs><encrypted>false</encrypted>\
    <volumeSize>8</volumeSize></ebs></item><item><deviceName>/dev/sdb</deviceName><ebs>\
    <volumeSize>9</volumeSize></ebs></item></blockDeviceMappingSet>";

fn version(number: i64, data: &str) -> Answer {
    let body = format!(
        "<launchTemplateVersionSet><item><versionNumber>{number}</versionNumber>\
         <launchTemplateData>{data}</launchTemplateData></item></launchTemplateVersionSet>"
    );
    yes("DescribeLaunchTemplateVersions", &body)
}

fn made(number: i64) -> Answer {
    let body = format!(
        "<launchTemplateVersion><versionNumber>{number}</versionNumber></launchTemplateVersion>"
    );
    yes("CreateLaunchTemplateVersion", &body)
}

fn id() -> LaunchTemplateId {
    LaunchTemplateId("lt-1".into())
}

fn edit(edit: TemplateEdit) -> TemplateChange {
    TemplateChange::Edit { from: 3, to: 5, edit }
}

async fn apply(script: &Script, change: TemplateChange) -> Result<(), Error> {
    let results = make::<LaunchTemplate>(&ec2(script), &id(), &[change]).await;
    results.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_template_is_read_with_its_default_version() {
    let script = Script::by(|body| match action(body).as_str() {
        "DescribeLaunchTemplates" => Some(yes("DescribeLaunchTemplates", TEMPLATE)),
        _ => Some(version(3, DATA)),
    });
    let found = Cloud::<LaunchTemplate>::load(&ec2(&script), &home(), &id(), &[]).await;
    let found = found.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.default, found.latest), ("web", 3, 4));
    assert_eq!(found.metadata, Tokens::Optional);
    assert_eq!(found.public, [0].into());
    assert_eq!(found.plain, ["/dev/xvda".to_owned()].into());
    let body = script.bodies().into_iter().find(|body| body.contains("Versions")).unwrap();
    assert_eq!(field(&body, "LaunchTemplateVersion.1").as_deref(), Some("%24Default"));
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_changes_meanwhile_is_read_again_later() {
    let gone = Script::by(|_| Some(no(400, "InvalidLaunchTemplateId.NotFound")));
    assert_eq!(Cloud::<LaunchTemplate>::load(&ec2(&gone), &home(), &id(), &[]).await, Ok(None));
    let moving = Script::by(|body| match action(body).as_str() {
        "DescribeLaunchTemplates" => Some(yes("DescribeLaunchTemplates", TEMPLATE)),
        _ => Some(version(4, DATA)),
    });
    let error = Cloud::<LaunchTemplate>::load(&ec2(&moving), &home(), &id(), &[]).await;
    assert!(matches!(error, Err(Error::Transient(_))), "{error:?}");
}

#[tokio::test]
async fn a_new_version_takes_over_the_whole_part_that_it_changes() {
    type Fields = &'static [(&'static str, &'static str)];
    let cases: [(TemplateEdit, Fields); 3] = [
        (
            TemplateEdit::Tokens,
            &[
                ("MetadataOptions.HttpTokens", "required"),
                ("MetadataOptions.HttpPutResponseHopLimit", "2"),
                ("MetadataOptions.HttpEndpoint", "enabled"),
            ],
        ),
        (
            TemplateEdit::Private([0].into()),
            &[
                ("NetworkInterface.1.AssociatePublicIpAddress", "false"),
                ("NetworkInterface.1.DeviceIndex", "0"),
                ("NetworkInterface.1.SecurityGroupId.1", "sg-1"),
                ("NetworkInterface.2.DeviceIndex", "1"),
                ("NetworkInterface.2.Description", "back"),
            ],
        ),
        (
            TemplateEdit::Encrypted(["/dev/xvda".to_owned()].into()),
            &[
                ("BlockDeviceMapping.1.Ebs.Encrypted", "true"),
                ("BlockDeviceMapping.1.Ebs.VolumeSize", "8"),
                ("BlockDeviceMapping.2.Ebs.VolumeSize", "9"),
            ],
        ),
    ];
    for (what, fields) in cases {
        let script = Script::of([version(3, DATA), made(5), yes("ModifyLaunchTemplate", "")]);
        assert_eq!(apply(&script, edit(what.clone())).await, Ok(()));
        let bodies = script.bodies();
        assert_eq!(field(&bodies[1], "SourceVersion").as_deref(), Some("3"));
        let token = field(&bodies[1], "ClientToken").unwrap();
        assert!(token.starts_with("kintsugi-lt-1-3-5-"), "{token}");
        for (name, value) in fields {
            let name = format!("LaunchTemplateData.{name}");
            assert_eq!(field(&bodies[1], &name).as_deref(), Some(*value), "{}", bodies[1]);
        }
        let other = "LaunchTemplateData.BlockDeviceMapping.2.Ebs.Encrypted";
        assert_eq!(field(&bodies[1], other), None);
        assert_eq!(action(&bodies[2]), "ModifyLaunchTemplate");
        assert_eq!(field(&bodies[2], "SetDefaultVersion").as_deref(), Some("5"));
    }
}

#[tokio::test]
async fn what_was_made_before_is_well_and_what_was_made_meanwhile_is_not() {
    let again = Script::of([version(5, DATA)]);
    assert_eq!(apply(&again, edit(TemplateEdit::Tokens)).await, Ok(()));

    let other = Script::of([version(4, DATA)]);
    let error = apply(&other, edit(TemplateEdit::Tokens)).await.unwrap_err().to_string();
    assert!(error.ends_with("version 3 is not the default any more"), "{error}");

    let late = Script::of([version(3, DATA), made(6), yes("DeleteLaunchTemplateVersions", "")]);
    let error = apply(&late, edit(TemplateEdit::Tokens)).await.unwrap_err().to_string();
    assert!(error.ends_with("somebody else made that version at the same time"), "{error}");
    let last = late.bodies().pop().unwrap();
    assert_eq!(field(&last, "LaunchTemplateVersion.1").as_deref(), Some("6"));
}

#[tokio::test]
async fn the_version_that_was_the_default_is_again() {
    let script = Script::of([yes("ModifyLaunchTemplate", "")]);
    let back = TemplateChange::Return { from: 3, to: 5, edit: TemplateEdit::Tokens };
    assert_eq!(apply(&script, back).await, Ok(()));
    assert_eq!(field(&script.bodies()[0], "SetDefaultVersion").as_deref(), Some("3"));
}
