//! Facet: how an Auto Scaling group keeps its instances.

use std::collections::BTreeSet;

use aws_sdk_autoscaling::types::AutoScalingGroup as Found;
use aws_sdk_elasticloadbalancingv2::{error::ProvideErrorMetadata, types::TargetHealthStateEnum};
use catalog::edge::{AutoScalingGroup, AutoScalingGroupId, AutoScalingGroupSetting};
use remedy::{Id as _, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Edge,
    launch_configuration::{launch, tags},
};

impl Cloud<AutoScalingGroup> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &AutoScalingGroupId,
        _: &[&Signal],
    ) -> Result<Option<AutoScalingGroup>, Error> {
        let scaling = self.autoscaling.at(place).await?;
        let what = format!("read Auto Scaling group {id}");
        let call = scaling.client.describe_auto_scaling_groups().auto_scaling_group_names(&id.name);
        let answer = call.send().await.map_err(|error| {
            scaling.failed(&what, "autoscaling:DescribeAutoScalingGroups", &error)
        })?;
        // Another group can have its name by now.
        let arn = id.arn(place);
        let is_its = |group: &Found| group.auto_scaling_group_arn.as_deref() == Some(&arn);
        let found = answer.auto_scaling_groups.unwrap_or_default().into_iter().find(is_its);
        let Some(found) = found else { return Ok(None) };
        let checks = found.health_check_type.as_deref();
        let checks =
            checks.ok_or_else(|| scaling.odd(&what, "it does not say how it checks health"))?;
        let checks = checks.split(',').map(str::trim);
        let checks = checks.filter(|check| !check.is_empty() && *check != "EC2");
        let checks = checks.map(str::to_owned).collect();
        let (classic, targets) = sources(&found);
        let failing = self.failing(place, &found, &targets, &what).await?;
        let launch = match &found.launch_configuration_name {
            Some(name) => launch(&scaling, name, &what).await?,
            None => None,
        };
        Ok(Some(AutoScalingGroup {
            checks,
            balanced: classic || !targets.is_empty(),
            classic,
            failing,
            types: types(&found),
            zones: found.availability_zones.unwrap_or_default().into_iter().collect(),
            launch,
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &AutoScalingGroupId,
        changes: &[Swap<AutoScalingGroupSetting>],
    ) -> Vec<Result<(), Error>> {
        let scaling = match self.autoscaling.at(place).await {
            Ok(scaling) => scaling,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            let call = scaling.client.update_auto_scaling_group().auto_scaling_group_name(&id.name);
            let sent = call.health_check_type(change.to.kind()).send().await;
            let what = format!("set {} of Auto Scaling group {id}", change.to);
            let needs = "autoscaling:UpdateAutoScalingGroup";
            results.push(sent.map(drop).map_err(|error| scaling.failed(&what, needs, &error)));
        }
        results
    }
}

/// Whether a classic load balancer sends it requests, and the target groups it is in.
fn sources(found: &Found) -> (bool, BTreeSet<String>) {
    let mut classic = found.load_balancer_names.as_ref().is_some_and(|names| !names.is_empty());
    let mut targets: BTreeSet<String> = found.target_group_arns.iter().flatten().cloned().collect();
    for source in found.traffic_sources.iter().flatten() {
        match source.r#type.as_deref() {
            Some("elb") => classic = true,
            Some("elbv2") => targets.extend(source.identifier.clone()),
            _ => {}
        }
    }
    (classic, targets)
}

/// How many types of instances it may launch; one that is chosen by its attributes is any of many.
fn types(found: &Found) -> usize {
    let template =
        found.mixed_instances_policy.as_ref().and_then(|mixed| mixed.launch_template.as_ref());
    let overrides = template.and_then(|template| template.overrides.as_deref()).unwrap_or_default();
    if overrides.iter().any(|each| each.instance_requirements.is_some()) {
        return usize::from(u8::MAX);
    }
    let types: BTreeSet<_> =
        overrides.iter().filter_map(|each| each.instance_type.as_ref()).collect();
    types.len().max(1)
}

impl Edge {
    /// The instances of the group that a target group finds unhealthy.
    async fn failing(
        &self,
        place: &Place,
        found: &Found,
        targets: &BTreeSet<String>,
        what: &str,
    ) -> Result<Vec<String>, Error> {
        let mut failing = BTreeSet::new();
        let instances = found.instances.iter().flatten().filter_map(|i| i.instance_id.as_deref());
        let instances: BTreeSet<&str> = instances.collect();
        if instances.is_empty() || targets.is_empty() {
            return Ok(Vec::new());
        }
        let elb = self.elasticloadbalancingv2.at(place).await?;
        for group in targets {
            let answer =
                match elb.client.describe_target_health().target_group_arn(group).send().await {
                    Ok(answer) => answer,
                    Err(error) if error.code() == Some("TargetGroupNotFound") => continue,
                    Err(error) => {
                        return Err(elb.failed(
                            what,
                            "elasticloadbalancing:DescribeTargetHealth",
                            &error,
                        ));
                    }
                };
            for target in answer.target_health_descriptions.unwrap_or_default() {
                let state = target.target_health.and_then(|health| health.state);
                let id = target.target.and_then(|target| target.id).unwrap_or_default();
                if state == Some(TargetHealthStateEnum::Unhealthy)
                    && instances.contains(id.as_str())
                {
                    failing.insert(id);
                }
            }
        }
        Ok(failing.into_iter().collect())
    }
}
