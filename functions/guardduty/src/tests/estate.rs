//! Just enough of S3, `GuardDuty`, EC2 and `DynamoDB` to keep a list, and to fail where it is told to.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard},
};

use catalog::guardduty::{ListChange, Truth};
use script::{Answer, Request, Script, answer};

use super::{error, s3_error};

/// What is there, and every call that was made.
#[derive(Clone)]
pub(super) struct Estate(Arc<Mutex<State>>);

/// What is there.
pub(super) struct State {
    /// By `bucket/key`.
    pub(super) objects: BTreeMap<String, Object>,
    pub(super) detector: Option<&'static str>,
    /// The lists of the kind that is kept, by id.
    pub(super) sets: BTreeMap<String, Set>,
    /// Lists of trusted addresses and of trusted entities.
    pub(super) trusted: [BTreeMap<String, Set>; 2],
    /// What `GuardDuty` was told of.
    pub(super) mark: Option<u32>,
    pub(super) elastic: &'static str,
    pub(super) interfaces: &'static str,
    pub(super) ranges: &'static str,
    calls: Vec<(String, Request)>,
    tricks: BTreeMap<String, VecDeque<Trick>>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Object {
    pub(super) text: String,
    version: usize,
    pub(super) serial: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Set {
    pub(super) name: &'static str,
    pub(super) location: String,
    pub(super) status: &'static str,
    pub(super) why: Option<&'static str>,
}

type Trick = Box<dyn FnOnce(&mut State) -> Reply + Send>;

/// What comes of a call that is tampered with.
pub(super) enum Reply {
    /// Nothing else than usual.
    Usual,
    /// This instead, and nothing happens.
    Say(Answer),
    /// It takes effect, and the answer is lost.
    Lost,
    /// It never arrives.
    Down,
}

const OURS: &str = "s3://bucket/kintsugi.txt";

impl Estate {
    /// An account with `GuardDuty` on, and no list yet.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            objects: BTreeMap::new(),
            detector: Some("d1"),
            sets: BTreeMap::new(),
            trusted: [BTreeMap::new(), BTreeMap::new()],
            mark: None,
            elastic: "",
            interfaces: "",
            ranges: r#"{"prefixes":[{"ip_prefix":"3.5.140.0/22"}]}"#,
            calls: Vec::new(),
            tricks: BTreeMap::new(),
        })))
    }

    /// An account where the list is in use, with these addresses.
    pub(super) fn with(addresses: &[&str]) -> Self {
        let estate = Self::new();
        {
            let mut state = estate.now();
            let mut truth = Truth::default();
            for address in addresses {
                truth.make(&super::list(address));
            }
            let text = addresses.iter().fold(String::new(), |text, line| text + line + "\n");
            state.put("bucket/kintsugi.json", &String::from_utf8(truth.write()).unwrap(), None);
            state.put("bucket/kintsugi.txt", &text, Some(truth.serial.to_string()));
            state.mark = Some(truth.serial);
            state.sets.insert("s1".into(), Set::at(OURS));
        }
        estate
    }

    pub(super) fn now(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The next call of this name is tampered with; those before it that were named so, before it.
    pub(super) fn once(
        &self,
        call: &str,
        trick: impl FnOnce(&mut State) -> Reply + Send + 'static,
    ) {
        self.now().tricks.entry(call.into()).or_default().push_back(Box::new(trick));
    }

    pub(super) fn script(&self) -> Script {
        let estate = self.clone();
        Script::to(move |request| estate.now().answer(request))
    }

    /// The names of all calls so far, and forgets them.
    pub(super) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.now().calls).into_iter().map(|(name, _)| name).collect()
    }

    /// The only call of this name.
    #[track_caller]
    pub(super) fn call(&self, name: &str) -> Request {
        let state = self.now();
        let mut calls = state.calls.iter().filter(|(known, _)| known == name);
        let (_, request) = calls.next().unwrap();
        assert!(calls.next().is_none(), "{name} was called twice");
        request.clone()
    }

    pub(super) fn truth(&self) -> Truth {
        self.now().truth()
    }

    pub(super) fn listed(&self) -> Vec<String> {
        self.truth().roll.iter().map(|(name, _)| name.to_string()).collect()
    }

    pub(super) fn text(&self) -> String {
        self.now().objects.get("bucket/kintsugi.txt").unwrap().text.clone()
    }

    /// A person puts a text in place of ours.
    pub(super) fn edit(&self, text: &str) {
        self.now().put("bucket/kintsugi.txt", text, None);
    }
}

impl Set {
    pub(super) fn at(location: &str) -> Self {
        Self { name: "kintsugi", location: location.into(), status: "ACTIVE", why: None }
    }
}

impl State {
    pub(super) fn put(&mut self, path: &str, text: &str, serial: Option<String>) {
        let version = self.objects.get(path).map_or(0, |object| object.version) + 1;
        self.objects.insert(path.into(), Object { text: text.into(), version, serial });
    }

    fn truth(&self) -> Truth {
        let object = self.objects.get("bucket/kintsugi.json").unwrap();
        Truth::read(object.text.as_bytes()).unwrap()
    }

    /// Another process makes a change.
    pub(super) fn make(&mut self, change: &ListChange) {
        let mut truth = match self.objects.contains_key("bucket/kintsugi.json") {
            true => self.truth(),
            false => Truth::default(),
        };
        truth.make(change);
        self.put("bucket/kintsugi.json", &String::from_utf8(truth.write()).unwrap(), None);
    }

    fn answer(&mut self, request: &Request) -> Option<Answer> {
        let name = name(request);
        self.calls.push((name.clone(), request.clone()));
        let trick = self.tricks.get_mut(&name).and_then(VecDeque::pop_front);
        match trick.map_or(Reply::Usual, |trick| trick(self)) {
            Reply::Usual => Some(self.usual(&name, request)),
            Reply::Say(answer) => Some(answer),
            Reply::Lost => {
                self.usual(&name, request);
                None
            }
            Reply::Down => None,
        }
    }

    fn usual(&mut self, name: &str, request: &Request) -> Answer {
        let (call, what) = name.split_once(' ').unwrap_or((name, ""));
        match call {
            "GetObject" | "HeadObject" => self.read(what, request),
            "PutObject" => self.write(what, request),
            "ListDetectors" => {
                answer(200, &ids("detectorIds", self.detector.iter().map(|id| (*id).to_owned())))
            }
            "ListThreatEntitySets" => ids_of("threatEntitySetIds", &self.sets),
            "ListThreatIntelSets" => ids_of("threatIntelSetIds", &self.sets),
            "ListIPSets" => ids_of("ipSetIds", &self.trusted[0]),
            "ListTrustedEntitySets" => ids_of("trustedEntitySetIds", &self.trusted[1]),
            "GetThreatEntitySet" | "GetThreatIntelSet" => told(self.sets.get(what)),
            "GetIPSet" => told(self.trusted[0].get(what)),
            "GetTrustedEntitySet" => told(self.trusted[1].get(what)),
            "CreateThreatEntitySet" | "CreateThreatIntelSet" => {
                self.sets.insert("made".into(), Set { status: "ACTIVATING", ..Set::at(OURS) });
                let id = call.replace("CreateT", "t").replace("Set", "SetId");
                answer(200, &format!(r#"{{"{id}":"made"}}"#))
            }
            "UpdateThreatEntitySet" | "UpdateThreatIntelSet" => {
                self.sets.get_mut(what).unwrap().status = "ACTIVATING";
                answer(200, "{}")
            }
            "DescribeAddresses" => {
                ec2(call, &format!("<addressesSet>{}</addressesSet>", self.elastic))
            }
            "DescribeNetworkInterfaces" => {
                let set = format!("<networkInterfaceSet>{}</networkInterfaceSet>", self.interfaces);
                ec2(call, &set)
            }
            "GetItem" => match self.mark {
                Some(mark) => answer(200, &format!(r#"{{"Item":{{"mark":{{"N":"{mark}"}}}}}}"#)),
                None => answer(200, "{}"),
            },
            "UpdateItem" => {
                let (_, number) = request.body.rsplit_once(r#"{"N":""#).unwrap();
                self.mark = number.split_once('"').unwrap().0.parse().ok();
                answer(200, "{}")
            }
            "ip-ranges" => answer(200, self.ranges),
            other => panic!("nobody knows the call {other}"),
        }
    }

    fn read(&self, path: &str, request: &Request) -> Answer {
        let Some(object) = self.objects.get(path) else { return s3_error(404, "NoSuchKey") };
        if request.header("if-none-match") == Some(&object.etag()) {
            return answer(304, "");
        }
        let body = if request.method == "HEAD" { "" } else { &object.text };
        let answer = answer(200, body)
            .with("etag", &object.etag())
            .with("last-modified", "Fri, 20 Nov 2026 11:00:00 GMT");
        match &object.serial {
            Some(serial) => answer.with("x-amz-meta-kintsugi-serial", serial),
            None => answer,
        }
    }

    fn write(&mut self, path: &str, request: &Request) -> Answer {
        let there = self.objects.get(path).map(Object::etag);
        match (request.header("if-match"), request.header("if-none-match")) {
            (Some(_), None) if there.is_none() => return s3_error(404, "NoSuchKey"),
            (Some(etag), None) if there.as_deref() == Some(etag) => {}
            (None, Some("*")) if there.is_none() => {}
            (None, None) => panic!("{path} is written over blindly"),
            _ => return s3_error(412, "PreconditionFailed"),
        }
        let serial = request.header("x-amz-meta-kintsugi-serial").map(str::to_owned);
        self.put(path, &request.body, serial);
        answer(200, "").with("etag", &self.objects.get(path).unwrap().etag())
    }
}

impl Object {
    fn etag(&self) -> String {
        format!("\"v{}\"", self.version)
    }
}

fn ids(field: &str, ids: impl Iterator<Item = String>) -> String {
    format!(r#"{{"{field}":{:?}}}"#, ids.collect::<Vec<_>>())
}

fn ids_of(field: &str, sets: &BTreeMap<String, Set>) -> Answer {
    answer(200, &ids(field, sets.keys().cloned()))
}

fn told(set: Option<&Set>) -> Answer {
    let Some(Set { name, location, status, why }) = set else {
        return error(400, "BadRequestException");
    };
    let mut body = format!(
        r#"{{"name":"{name}","format":"TXT","location":"{location}","status":"{status}","tags":{{"AutoRemediate":"True"}}"#
    );
    if let Some(why) = why {
        let _ = write!(body, r#","errorDetails":"{why}""#);
    }
    answer(200, &format!("{body}}}"))
}

fn ec2(action: &str, body: &str) -> Answer {
    answer(200, &format!("<{action}Response><requestId>r</requestId>{body}</{action}Response>"))
}

/// A call by its name and what it is about, such as `GetObject bucket/kintsugi.json`.
fn name(request: &Request) -> String {
    let (_, rest) = request.uri.split_once("://").unwrap();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = path.split('?').next().unwrap_or_default();
    let method = request.method.as_str();
    if let Some((bucket, _)) = host.split_once(".s3.") {
        let verb = match method {
            "GET" => "GetObject",
            "HEAD" => "HeadObject",
            "PUT" => "PutObject",
            other => panic!("{other} {rest}"),
        };
        return format!("{verb} {bucket}/{path}");
    }
    if host.starts_with("dynamodb.") {
        let target = request.header("x-amz-target").unwrap();
        return target.rsplit('.').next().unwrap().to_owned();
    }
    if host.starts_with("ec2.") {
        let action = request.body.strip_prefix("Action=").unwrap();
        return action.split('&').next().unwrap().to_owned();
    }
    if host.starts_with("ip-ranges.") {
        return "ip-ranges".into();
    }
    assert!(host.starts_with("guardduty.eu-west-1."), "{rest}");
    let kind = |kind: &str| match kind {
        "threatentityset" => "ThreatEntitySet",
        "threatintelset" => "ThreatIntelSet",
        "ipset" => "IPSet",
        "trustedentityset" => "TrustedEntitySet",
        other => panic!("{other}"),
    };
    match (method, path.split('/').collect::<Vec<_>>().as_slice()) {
        ("GET", ["detector"]) => "ListDetectors".into(),
        ("GET", ["detector", "d1", sets]) => format!("List{}s", kind(sets)),
        ("POST", ["detector", "d1", sets]) => format!("Create{}", kind(sets)),
        ("GET", ["detector", "d1", sets, id]) => format!("Get{} {id}", kind(sets)),
        ("POST", ["detector", "d1", sets, id]) => format!("Update{} {id}", kind(sets)),
        other => panic!("{other:?}"),
    }
}
