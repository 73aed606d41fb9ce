//! Facets: how an EKS cluster is set up, and which version of Kubernetes it runs.

use std::collections::BTreeSet;

use aws_sdk_eks::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        Cluster, ClusterStatus, LogSetup, LogType, Logging, Update, UpdateParamType, UpdateStatus,
        VpcConfigRequest,
    },
};
use catalog::compute::{
    EksCluster, EksClusterName, EksSetting, Endpoint, KubernetesVersion, Pending, ended,
};
use futures_util::future;
use lambda::Local;
use remedy::{Never, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Compute, Pages, busy, never};

/// How many updates are asked for at the same time.
const AT_ONCE: usize = 8;

impl Cloud<EksCluster> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &EksClusterName,
        _: &[&Signal],
    ) -> Result<Option<EksCluster>, Error> {
        let eks = self.eks.at(place).await?;
        let what = format!("read EKS cluster {id}");
        let Some(found) = describe(&eks, id, &what).await? else { return Ok(None) };
        let is_updated = found.status == Some(ClusterStatus::Updating);
        let endpoint = found.resources_vpc_config.as_ref().map(|vpc| Endpoint {
            is_public: vpc.endpoint_public_access,
            is_private: vpc.endpoint_private_access,
            sources: vpc.public_access_cidrs.iter().flatten().cloned().collect(),
        });
        let endpoint =
            endpoint.ok_or_else(|| eks.odd(&what, "it does not say who reaches its API"))?;
        let cluster = EksCluster {
            name: id.0.clone(),
            endpoint,
            logs: logs(found.logging.as_ref()),
            encrypts_secrets: found.encryption_config.as_ref().is_some_and(|all| !all.is_empty()),
            tags: tags(found),
        };
        match is_updated {
            true => once_updated(&eks, id, &what, cluster).await.map(Some),
            false => Ok(Some(cluster)),
        }
    }

    async fn apply(
        &self,
        place: &Place,
        id: &EksClusterName,
        changes: &[Swap<EksSetting>],
    ) -> Vec<Result<(), Error>> {
        let eks = match self.eks.at(place).await {
            Ok(eks) => eks,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&eks, id, change).await);
        }
        results
    }
}

async fn describe(
    eks: &Local<Client>,
    id: &EksClusterName,
    what: &str,
) -> Result<Option<Cluster>, Error> {
    match eks.client.describe_cluster().name(&id.0).send().await {
        Ok(answer) => Ok(answer.cluster),
        Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
        Err(error) => Err(eks.failed(what, "eks:DescribeCluster", &error)),
    }
}

fn logs(logging: Option<&Logging>) -> BTreeSet<String> {
    let setups = logging.and_then(|logging| logging.cluster_logging.as_deref()).unwrap_or_default();
    let on = setups.iter().filter(|setup| setup.enabled == Some(true));
    on.flat_map(|setup| setup.types.iter().flatten().map(|kind| kind.as_str().to_owned())).collect()
}

fn tags(found: Cluster) -> Tags {
    found.tags.unwrap_or_default().into_iter().collect()
}

/// The cluster as it will be once the updates that are under way are done.
async fn once_updated(
    eks: &Local<Client>,
    id: &EksClusterName,
    what: &str,
    mut cluster: EksCluster,
) -> Result<EksCluster, Error> {
    let call = eks.client.list_updates().name(&id.0);
    let (mut ids, mut pages) = (Vec::new(), Pages::default());
    while !pages.over {
        let answer = call.clone().set_next_token(pages.token.clone()).send().await;
        let answer = answer.map_err(|error| eks.failed(what, "eks:ListUpdates", &error))?;
        ids.extend(answer.update_ids.unwrap_or_default());
        pages.turn(answer.next_token).map_err(|why| eks.odd(what, why))?;
    }
    for some in ids.chunks(AT_ONCE) {
        let calls = some
            .iter()
            .map(|update| eks.client.describe_update().name(&id.0).update_id(update).send());
        for answer in future::join_all(calls).await {
            let answer = answer.map_err(|error| eks.failed(what, "eks:DescribeUpdate", &error))?;
            let under_way = |update: &Update| update.status == Some(UpdateStatus::InProgress);
            let params = answer.update.filter(under_way).and_then(|update| update.params);
            for param in params.unwrap_or_default() {
                let value = param.value.unwrap_or_default();
                let is = value.eq_ignore_ascii_case("true");
                let pending = match param.r#type {
                    Some(UpdateParamType::ClusterLogging) => Pending::Logs(&value),
                    Some(UpdateParamType::EndpointPublicAccess) => Pending::Public(is),
                    Some(UpdateParamType::EndpointPrivateAccess) => Pending::Private(is),
                    Some(UpdateParamType::PublicAccessCidrs) => Pending::Sources(&value),
                    _ => continue,
                };
                cluster = cluster
                    .once(pending)
                    .ok_or_else(|| eks.odd(what, "the update that is under way cannot be read"))?;
            }
        }
    }
    Ok(cluster)
}

async fn set(
    eks: &Local<Client>,
    id: &EksClusterName,
    change: &Swap<EksSetting>,
) -> Result<(), Error> {
    let call = eks.client.update_cluster_config().name(&id.0);
    let call = match &change.to {
        EksSetting::Endpoint(Endpoint { is_public, is_private, sources }) => {
            let vpc = VpcConfigRequest::builder().endpoint_public_access(*is_public);
            let vpc = vpc.endpoint_private_access(*is_private);
            let sources = sources.iter().cloned().collect();
            let sources = Some(sources).filter(|all: &Vec<_>| *is_public && !all.is_empty());
            call.resources_vpc_config(vpc.set_public_access_cidrs(sources).build())
        }
        EksSetting::Logs(logs) => call.logging(logging(logs, &ended(&change.from, logs))),
    };
    match call.send().await {
        Ok(_) => Ok(()),
        Err(error) if is_so_already(error.message()) => Ok(()),
        Err(error) => {
            let what = format!("set {} of EKS cluster {id}", change.to);
            let failed = eks.failed(&what, "eks:UpdateClusterConfig", &error);
            Err(if error.code() == Some("ResourceInUseException") { busy(failed) } else { failed })
        }
    }
}

fn is_so_already(message: Option<&str>) -> bool {
    message.is_some_and(|message| message.contains("already at the desired configuration"))
}

fn logging(on: &BTreeSet<String>, off: &BTreeSet<String>) -> Logging {
    let setup = |kinds: &BTreeSet<String>, enabled| {
        let kinds = kinds.iter().map(|kind| LogType::from(kind.as_str())).collect();
        LogSetup::builder().set_types(Some(kinds)).enabled(enabled).build()
    };
    let setups = [(on, true), (off, false)].into_iter().filter(|(kinds, _)| !kinds.is_empty());
    let setups = setups.map(|(kinds, enabled)| setup(kinds, enabled)).collect();
    Logging::builder().set_cluster_logging(Some(setups)).build()
}

impl Cloud<KubernetesVersion> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &EksClusterName,
        _: &[&Signal],
    ) -> Result<Option<KubernetesVersion>, Error> {
        let eks = self.eks.at(place).await?;
        let what = format!("read the version of EKS cluster {id}");
        let Some(found) = describe(&eks, id, &what).await? else { return Ok(None) };
        let version = found.version.clone();
        let version = version.ok_or_else(|| eks.odd(&what, "it does not say what it runs"))?;
        let call = eks.client.describe_cluster_versions().cluster_versions(&version);
        let answer = call.include_all(true).send().await;
        let needs = "eks:DescribeClusterVersions";
        let answer = answer.map_err(|error| eks.failed(&what, needs, &error))?;
        let known = answer.cluster_versions.unwrap_or_default();
        let known =
            known.into_iter().find(|known| known.cluster_version.as_ref() == Some(&version));
        let support = known.and_then(|known| known.version_status);
        Ok(Some(KubernetesVersion {
            name: id.0.clone(),
            version,
            support: support.map(|support| support.as_str().to_owned()),
            tags: tags(found),
        }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &EksClusterName,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        never(changes)
    }
}
