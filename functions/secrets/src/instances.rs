//! Facet: whether Systems Manager knows an instance.

use aws_sdk_ssm::{error::ProvideErrorMetadata, types::InstanceInformationStringFilter};
use catalog::secrets::{ManagedInstance, ManagedInstanceId};
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::Secrets;

impl Cloud<ManagedInstance> for Secrets {
    async fn load(
        &self,
        place: &Place,
        id: &ManagedInstanceId,
        _: &[&Signal],
    ) -> Result<Option<ManagedInstance>, Error> {
        let ssm = self.ssm.at(place).await?;
        let what = format!("read what Systems Manager knows of instance {id}");
        let filter = InstanceInformationStringFilter::builder().key("InstanceIds").values(&id.0);
        let filter = filter.build().map_err(|error| ssm.odd(&what, &error.to_string()))?;
        let found = match ssm.client.describe_instance_information().filters(filter).send().await {
            Ok(answer) => answer.instance_information_list.unwrap_or_default(),
            Err(error) if error.code() == Some("InvalidInstanceId") => Vec::new(),
            Err(error) => {
                return Err(ssm.failed(&what, "ssm:DescribeInstanceInformation", &error));
            }
        };
        let found = found.into_iter().find(|found| found.instance_id.as_ref() == Some(&id.0));
        let answers = |status: Option<aws_sdk_ssm::types::PingStatus>| {
            status.map_or_else(|| "unknown".to_owned(), |status| status.as_str().to_owned())
        };
        Ok(Some(ManagedInstance { answers: found.map(|found| answers(found.ping_status)) }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &ManagedInstanceId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}
