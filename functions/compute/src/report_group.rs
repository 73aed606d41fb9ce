//! Facet: how the reports of builds are exported.

use aws_sdk_codebuild::{
    Client,
    types::{ReportExportConfigType, ReportGroup as Found},
};
use catalog::compute::{ReportGroup, ReportGroupName, ReportGroupSetting};
use lambda::Local;
use remedy::{Id, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Compute, build_project::tags};

impl Cloud<ReportGroup> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &ReportGroupName,
        _: &[&Signal],
    ) -> Result<Option<ReportGroup>, Error> {
        let codebuild = self.codebuild.at(place).await?;
        let what = format!("read report group {id}");
        let Some(found) = find(&codebuild, place, id, &what).await? else { return Ok(None) };
        let export = found.export_config;
        let export =
            export.ok_or_else(|| codebuild.odd(&what, "it does not say what it exports"))?;
        let is_exported = export.export_config_type == Some(ReportExportConfigType::S3);
        let s3 = export.s3_destination.filter(|_| is_exported);
        Ok(Some(ReportGroup {
            is_clear: s3.as_ref().map(|s3| s3.encryption_disabled.unwrap_or_default()),
            bucket_owner: s3.and_then(|s3| s3.bucket_owner),
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &ReportGroupName,
        changes: &[Swap<ReportGroupSetting>],
    ) -> Vec<Result<(), Error>> {
        let codebuild = match self.codebuild.at(place).await {
            Ok(codebuild) => codebuild,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&codebuild, place, id, &change.to).await);
        }
        results
    }
}

async fn find(
    codebuild: &Local<Client>,
    place: &Place,
    id: &ReportGroupName,
    what: &str,
) -> Result<Option<Found>, Error> {
    let call = codebuild.client.batch_get_report_groups().report_group_arns(id.arn(place));
    let needs = "codebuild:BatchGetReportGroups";
    let answer = call.send().await.map_err(|error| codebuild.failed(what, needs, &error))?;
    Ok(answer.report_groups.unwrap_or_default().into_iter().next())
}

/// Where reports go is replaced as a whole: it goes back as it came, but for this.
async fn set(
    codebuild: &Local<Client>,
    place: &Place,
    id: &ReportGroupName,
    to: &ReportGroupSetting,
) -> Result<(), Error> {
    let ReportGroupSetting::Clear(clear) = to;
    let what = format!("set {to} of report group {id}");
    let found = find(codebuild, place, id, &what).await?.and_then(|found| found.export_config);
    let mut export = found.ok_or_else(|| codebuild.odd(&what, "it is gone"))?;
    if let Some(s3) = &mut export.s3_destination {
        s3.encryption_disabled = Some(*clear);
    }
    let call = codebuild.client.update_report_group().arn(id.arn(place)).export_config(export);
    let needs = "codebuild:UpdateReportGroup";
    call.send().await.map(drop).map_err(|error| codebuild.failed(&what, needs, &error))
}
