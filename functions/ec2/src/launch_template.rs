//! Facet: what a launch template's default version gives to instances.

use aws_sdk_ec2::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        LaunchTemplateHttpTokensState as State, LaunchTemplateVersion, ResponseLaunchTemplateData,
    },
};
use catalog::ec2::{LaunchTemplate, LaunchTemplateId, TemplateChange, TemplateEdit, Tokens};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal};
use runtime::{Cloud, Error};

use crate::{Ec2, pages::one_by_one, rules, template_data};

/// The version that is the default, as EC2 calls it.
const DEFAULT: &str = "$Default";

impl Cloud<LaunchTemplate> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &LaunchTemplateId,
        _: &[&Signal],
    ) -> Result<Option<LaunchTemplate>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = reading(id);
        let call = ec2.client.describe_launch_templates().launch_template_ids(&id.0);
        let (found, version) = future::join(call.send(), Box::pin(version(&ec2, id))).await;
        let found = match found {
            Ok(answer) => answer.launch_templates.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("InvalidLaunchTemplateId.NotFound") => None,
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeLaunchTemplates", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let Some(version) = version? else { return Ok(None) };
        let numbers = found.default_version_number().zip(found.latest_version_number());
        let (default, latest) =
            numbers.ok_or_else(|| ec2.odd(&what, "its versions have no numbers"))?;
        if version.version_number != Some(default) {
            return Err(Error::Transient(format!(
                "another version of {id} just became the default"
            )));
        }
        let data = version.launch_template_data;
        let data = data.ok_or_else(|| ec2.odd(&what, "its default version holds nothing"))?;
        Ok(Some(LaunchTemplate {
            name: found.launch_template_name().unwrap_or_default().to_owned(),
            default,
            latest,
            metadata: metadata(&data),
            public: template_data::public(&data),
            plain: template_data::plain(&data),
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &LaunchTemplateId,
        changes: &[TemplateChange],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, make)
    }
}

fn reading(id: &LaunchTemplateId) -> String {
    format!("read launch template {id}")
}

/// What it does not say is optional.
fn metadata(data: &ResponseLaunchTemplateData) -> Tokens {
    match data.metadata_options().and_then(|options| options.http_tokens()) {
        Some(State::Required) => Tokens::Required,
        _ => Tokens::Optional,
    }
}

/// The version that is the default, if there is such a template.
async fn version(
    ec2: &Local<Client>,
    id: &LaunchTemplateId,
) -> Result<Option<LaunchTemplateVersion>, Error> {
    let call = ec2.client.describe_launch_template_versions().launch_template_id(&id.0);
    match call.versions(DEFAULT).send().await {
        Ok(answer) => Ok(answer.launch_template_versions.unwrap_or_default().into_iter().next()),
        Err(error) if error.code() == Some("InvalidLaunchTemplateId.NotFound") => Ok(None),
        Err(error) => Err(ec2.failed(&reading(id), "ec2:DescribeLaunchTemplateVersions", &error)),
    }
}

async fn make(
    ec2: &Local<Client>,
    id: &LaunchTemplateId,
    change: &TemplateChange,
) -> Result<(), Error> {
    match change {
        TemplateChange::Edit { from, to, edit } => edited(ec2, id, (*from, *to), edit).await,
        TemplateChange::Return { from, .. } => choose(ec2, id, *from).await,
    }
}

/// Makes the version and makes it the default. Made again, it finds what it made before.
async fn edited(
    ec2: &Local<Client>,
    id: &LaunchTemplateId,
    (from, to): (i64, i64),
    edit: &TemplateEdit,
) -> Result<(), Error> {
    let what = format!("make version {to} of launch template {id}");
    let found = Box::pin(version(ec2, id)).await?;
    let (number, data) =
        found.map(|found| (found.version_number, found.launch_template_data)).unzip();
    match number.flatten() {
        Some(number) if number == to => return Ok(()),
        Some(number) if number == from => {}
        _ => return Err(ec2.odd(&what, &format!("version {from} is not the default any more"))),
    }
    let data =
        data.flatten().ok_or_else(|| ec2.odd(&what, &format!("version {from} holds nothing")))?;
    let call = ec2
        .client
        .create_launch_template_version()
        .launch_template_id(&id.0)
        .source_version(from.to_string())
        .version_description(format!("Version {from} with {}", short(edit)))
        .client_token(format!("kintsugi-{id}-{from}-{to}-{}", token(edit)))
        .launch_template_data(template_data::edited(&data, edit));
    let made = call.send().await;
    let made =
        made.map_err(|error| ec2.failed(&what, "ec2:CreateLaunchTemplateVersion", &error))?;
    let made = made.launch_template_version.and_then(|version| version.version_number);
    match made {
        Some(number) if number == to => choose(ec2, id, to).await,
        Some(number) => {
            let why = "somebody else made that version at the same time";
            Err(match discard(ec2, id, number).await {
                Ok(()) => ec2.odd(&what, why),
                Err(error) => {
                    ec2.odd(&what, &format!("{why}; and version {number} stays ({error})"))
                }
            })
        }
        None => Err(ec2.odd(&what, "the answer does not say which version was made")),
    }
}

/// Within the 255 characters of a description, which take no odd ones.
fn short(edit: &TemplateEdit) -> &'static str {
    match edit {
        TemplateEdit::Tokens => "metadata tokens required",
        TemplateEdit::Private(_) => "no public addresses",
        TemplateEdit::Encrypted(_) => "encrypted volumes",
    }
}

fn token(edit: &TemplateEdit) -> &'static str {
    match edit {
        TemplateEdit::Tokens => "tokens",
        TemplateEdit::Private(_) => "private",
        TemplateEdit::Encrypted(_) => "encrypted",
    }
}

async fn choose(ec2: &Local<Client>, id: &LaunchTemplateId, version: i64) -> Result<(), Error> {
    let what = format!("make version {version} of launch template {id} the default");
    let call = ec2.client.modify_launch_template().launch_template_id(&id.0);
    let answer = call.default_version(version.to_string()).send().await.map(drop);
    answer.map_err(|error| ec2.failed(&what, "ec2:ModifyLaunchTemplate", &error))
}

async fn discard(ec2: &Local<Client>, id: &LaunchTemplateId, version: i64) -> Result<(), Error> {
    let what = format!("delete version {version} of launch template {id}");
    let call = ec2.client.delete_launch_template_versions().launch_template_id(&id.0);
    let answer = call.versions(version.to_string()).send().await.map(drop);
    answer.map_err(|error| ec2.failed(&what, "ec2:DeleteLaunchTemplateVersions", &error))
}
