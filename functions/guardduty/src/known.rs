//! What must never be on the list: our own addresses, trusted ones, AWS's.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_ec2::types::{Filter, NetworkInterface};
use catalog::guardduty::{Ranges, Trusted};
use futures_util::future;
use ipnet::Ipv4Net;
use lambda::{Clients, Web};
use remedy::Place;
use runtime::Error;

use crate::cache::Cache;

/// Addresses come and go with instances; a list that is some minutes old is good enough, since an
/// address that was just ours is seldom an attacker's.
const FRESH: Duration = Duration::from_mins(5);
/// AWS changes its ranges several times a week.
const PUBLISHED: Duration = Duration::from_hours(12);
const PAGE: i32 = 1_000;

type Addresses = Arc<BTreeMap<Ipv4Addr, String>>;

/// Our own public addresses, by account and Region.
#[derive(Debug)]
pub(crate) struct Own {
    ec2: Clients<aws_sdk_ec2::Client>,
    kept: Mutex<BTreeMap<Place, Arc<Cache<Addresses>>>>,
}

impl Own {
    pub(crate) fn new(ec2: Clients<aws_sdk_ec2::Client>) -> Self {
        Self { ec2, kept: Mutex::default() }
    }

    /// Those of each of `places`, asked for at the same time; why they are not to be had where that is so.
    /// An error is one that another try may mend.
    pub(crate) async fn of(
        &self,
        places: &[&Place],
    ) -> Result<BTreeMap<Place, Result<Addresses, String>>, Error> {
        let places: std::collections::BTreeSet<&Place> = places.iter().copied().collect();
        let read = places.into_iter().map(async |place| {
            let cache = Arc::clone(
                self.kept
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .entry(place.clone())
                    .or_insert_with(|| Arc::new(Cache::new(FRESH))),
            );
            match cache.get(Box::pin(self.read(place))).await {
                Ok(own) => Ok((place.clone(), Ok(own))),
                Err(Error::Refused(why)) => Ok((place.clone(), Err(why))),
                Err(error) => Err(error),
            }
        });
        future::try_join_all(read).await.map(|all| all.into_iter().collect())
    }

    async fn read(&self, place: &Place) -> Result<Addresses, Error> {
        let ec2 = self.ec2.at(place).await?;
        let elastic = async {
            let answer = ec2.client.describe_addresses().send().await;
            answer.map_err(|error| {
                ec2.failed("read the Elastic IP addresses", "ec2:DescribeAddresses", &error)
            })
        };
        let interfaces = async {
            let with_address = Filter::builder().name("association.public-ip").values("*").build();
            let call = ec2.client.describe_network_interfaces().filters(with_address);
            let mut pages = call.into_paginator().page_size(PAGE).items().send();
            let mut all: Vec<NetworkInterface> = Vec::new();
            while let Some(interface) = pages.next().await {
                all.push(interface.map_err(|error| {
                    let needs = "ec2:DescribeNetworkInterfaces";
                    ec2.failed("read the addresses of network interfaces", needs, &error)
                })?);
            }
            Ok(all)
        };
        let (elastic, interfaces) =
            future::try_join(Box::pin(elastic), Box::pin(interfaces)).await?;
        let mut own = BTreeMap::new();
        for interface in interfaces {
            let (address, what) = interface_address(&interface);
            own.extend(parsed(address).map(|address| (address, what)));
        }
        for elastic in elastic.addresses.unwrap_or_default() {
            let id = elastic.allocation_id().unwrap_or_default();
            let what = match elastic.instance_id().filter(|id| !id.is_empty()) {
                Some(instance) => format!("Elastic IP {id} of instance {instance}"),
                None => format!("Elastic IP {id}"),
            };
            own.extend(parsed(elastic.public_ip()).map(|address| (address, what)));
        }
        Ok(Arc::new(own))
    }
}

/// The public address of an interface, and whose it is.
fn interface_address(interface: &NetworkInterface) -> (Option<&str>, String) {
    let address = interface.association().and_then(|association| association.public_ip());
    let id = interface.network_interface_id().unwrap_or_default();
    let instance = interface.attachment().and_then(|attachment| attachment.instance_id());
    let kind = interface.interface_type().map_or("interface", |kind| kind.as_str());
    let what = match (instance, kind) {
        (Some(instance), _) => format!("instance {instance} ({id})"),
        (None, "nat_gateway") => format!("a NAT gateway ({id})"),
        (None, _) => format!("network interface {id}"),
    };
    (address, what)
}

fn parsed(address: Option<&str>) -> Option<Ipv4Addr> {
    address?.parse().ok()
}

/// GuardDuty's lists of trusted addresses.
#[derive(Debug)]
pub(crate) struct TrustedLists {
    guardduty: Arc<Clients<aws_sdk_guardduty::Client>>,
    s3: Arc<Clients<aws_sdk_s3::Client>>,
    home: Place,
    kept: Cache<Arc<Trusted>>,
}

impl TrustedLists {
    pub(crate) fn new(
        guardduty: Arc<Clients<aws_sdk_guardduty::Client>>,
        s3: Arc<Clients<aws_sdk_s3::Client>>,
        home: &Place,
    ) -> Self {
        Self { guardduty, s3, home: home.clone(), kept: Cache::new(FRESH) }
    }

    /// What is on those that are active.
    pub(crate) async fn read(&self, detector: &str) -> Result<Arc<Trusted>, Error> {
        self.kept.get(Box::pin(self.read_anew(detector))).await
    }

    async fn read_anew(&self, detector: &str) -> Result<Arc<Trusted>, Error> {
        let (addresses, entities) = future::try_join(
            Box::pin(self.ip_sets(detector)),
            Box::pin(self.entity_sets(detector)),
        )
        .await?;
        let locations = addresses.into_iter().chain(entities);
        let texts = future::try_join_all(locations.map(|at| Box::pin(self.text(at)))).await?;
        Ok(Arc::new(Trusted::read(&texts)))
    }

    async fn ip_sets(&self, detector: &str) -> Result<Vec<String>, Error> {
        let guardduty = self.guardduty.at(&self.home).await?;
        let what = "read GuardDuty's trusted IP list";
        let call = guardduty.client.list_ip_sets().detector_id(detector);
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| guardduty.failed(what, "guardduty:ListIPSets", &error))?;
        let mut locations = Vec::new();
        for id in answer.ip_set_ids.unwrap_or_default() {
            let call = guardduty.client.get_ip_set().detector_id(detector).ip_set_id(id);
            let set = call.send().await;
            let set = set.map_err(|error| guardduty.failed(what, "guardduty:GetIPSet", &error))?;
            let is_used = set.status().is_some_and(|status| is_used(status.as_str()));
            locations.extend(set.location.filter(|_| is_used));
        }
        Ok(locations)
    }

    async fn entity_sets(&self, detector: &str) -> Result<Vec<String>, Error> {
        let guardduty = self.guardduty.at(&self.home).await?;
        let what = "read GuardDuty's trusted entity list";
        let call = guardduty.client.list_trusted_entity_sets().detector_id(detector);
        let answer = call
            .send()
            .await
            .map_err(|error| guardduty.failed(what, "guardduty:ListTrustedEntitySets", &error))?;
        let mut locations = Vec::new();
        for id in answer.trusted_entity_set_ids.unwrap_or_default() {
            let call = guardduty.client.get_trusted_entity_set();
            let set = call.detector_id(detector).trusted_entity_set_id(id).send().await;
            let set = set
                .map_err(|error| guardduty.failed(what, "guardduty:GetTrustedEntitySet", &error))?;
            let is_used = set.status().is_some_and(|status| is_used(status.as_str()));
            locations.extend(set.location.filter(|_| is_used));
        }
        Ok(locations)
    }

    async fn text(&self, location: String) -> Result<String, Error> {
        let what = format!("read the trusted list at {location}");
        let s3 = self.s3.at(&self.home).await?;
        let (bucket, key) =
            object_of(&location).ok_or_else(|| s3.odd(&what, "that is no object of S3"))?;
        let call = s3.client.get_object().bucket(bucket).key(key);
        let answer = call.send().await.map_err(|error| {
            let needs = "s3:GetObject on that object: set TrustedListObject to its bucket/key";
            s3.failed(&what, needs, &error)
        })?;
        let body = answer.body.collect().await;
        let body = body.map_err(|error| Error::Transient(format!("could not {what}: {error}")))?;
        Ok(String::from_utf8_lossy(&body.into_bytes()).into_owned())
    }
}

/// Whether what is on a list in this state counts.
fn is_used(status: &str) -> bool {
    ["ACTIVE", "ACTIVATING"].contains(&status)
}

/// Bucket and key of `s3://bucket/key`, `https://s3.REGION.amazonaws.com/bucket/key` and
/// `https://bucket.s3.REGION.amazonaws.com/key`.
pub(crate) fn object_of(location: &str) -> Option<(&str, &str)> {
    if let Some(path) = location.strip_prefix("s3://") {
        return path.split_once('/').filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty());
    }
    let (host, path) = location.strip_prefix("https://")?.split_once('/')?;
    let (bucket, key) = match host.strip_prefix("s3") {
        Some(rest) if rest.starts_with(['.', '-']) => path.split_once('/')?,
        _ => (host.split_once(".s3")?.0, path),
    };
    (!bucket.is_empty() && !key.is_empty()).then_some((bucket, key))
}

/// The ranges that AWS publishes.
#[derive(Debug)]
pub(crate) struct Published {
    web: Web,
    url: String,
    kept: Cache<Arc<Ranges>>,
}

impl Published {
    pub(crate) fn new(web: Web, url: String) -> Self {
        Self { web, url, kept: Cache::new(PUBLISHED) }
    }

    pub(crate) async fn read(&self) -> Result<Arc<Ranges>, Error> {
        let read = async {
            let json = self.web.read(&self.url).await?;
            let ranges = ranges(&json).map_err(|why| {
                Error::Transient(format!("could not read AWS's ranges at {}: {why}", self.url))
            })?;
            Ok(Arc::new(ranges))
        };
        self.kept.get(Box::pin(read)).await
    }
}

/// All IPv4 ranges of the document; one that cannot be read spoils it.
fn ranges(json: &[u8]) -> Result<Ranges, String> {
    let document: serde_json::Value = serde_json::from_slice(json).map_err(|e| e.to_string())?;
    let prefixes = document.get("prefixes").and_then(|list| list.as_array());
    let prefixes = prefixes.filter(|list| !list.is_empty()).ok_or("it lists no prefixes")?;
    let range = |prefix: &serde_json::Value| {
        let text = prefix.get("ip_prefix").and_then(|text| text.as_str())?;
        text.parse::<Ipv4Net>().ok()
    };
    let ranges: Option<Ranges> = prefixes.iter().map(range).collect();
    ranges.ok_or_else(|| "one of its prefixes is no network".into())
}
