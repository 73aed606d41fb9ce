use catalog::edge::{Distribution, DistributionId, DistributionSetting, OriginKind, ViewerPolicy};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use super::{edge, home, no};

/// With what is easily lost: an origin's header, what is cached for how long, an empty alias list.
const CONFIG: &str = "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
    <CallerReference>r</CallerReference><Aliases><Quantity>0</Quantity></Aliases>\
    <DefaultRootObject></DefaultRootObject><Origins><Quantity>2</Quantity><Items>\
    <Origin><Id>b</Id><DomainName>shop.s3.amazonaws.com</DomainName><OriginPath></OriginPath><CustomHeaders>\
    <Quantity>1</Quantity><Items><OriginCustomHeader><HeaderName>X-Key</HeaderName><HeaderValue>secret</HeaderValue>\
    </OriginCustomHeader></Items></CustomHeaders><S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity>\
    </S3OriginConfig></Origin>\
    <Origin><Id>s</Id><DomainName>shop.example.com</DomainName><CustomOriginConfig><HTTPPort>80</HTTPPort>\
    <HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>http-only</OriginProtocolPolicy><OriginSslProtocols>\
    <Quantity>1</Quantity><Items><SslProtocol>SSLv3</SslProtocol></Items></OriginSslProtocols></CustomOriginConfig>\
    </Origin></Items></Origins>\
    <DefaultCacheBehavior><TargetOriginId>b</TargetOriginId><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>\
    <CachePolicyId>c</CachePolicyId></DefaultCacheBehavior>\
    <CacheBehaviors><Quantity>1</Quantity><Items><CacheBehavior><PathPattern>/api/*</PathPattern>\
    <TargetOriginId>s</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy></CacheBehavior></Items>\
    </CacheBehaviors><Comment>kept</Comment><Enabled>true</Enabled></DistributionConfig>";
const TAGS: &str =
    "<Tags><Items><Tag><Key>AutoRemediate</Key><Value>True</Value></Tag></Items></Tags>";

fn shop() -> DistributionId {
    DistributionId("E1".into())
}

/// `CloudFront`, whose distribution is at a later version with each update that is refused.
fn cloudfront(updates: impl IntoIterator<Item = Answer>) -> Script {
    let mut updates: Vec<_> = updates.into_iter().collect();
    let mut version = 0;
    Script::to(move |request| {
        if request.method == "PUT" {
            return (!updates.is_empty()).then(|| updates.remove(0));
        }
        if request.uri.contains("/tagging") {
            return Some(answer(200, TAGS));
        }
        version += 1;
        Some(answer(200, CONFIG).with("ETag", &format!("V{version}")))
    })
}

fn done() -> Answer {
    answer(200, "")
}

fn to_index() -> Swap<DistributionSetting> {
    let object = |name: &str| DistributionSetting::RootObject(name.into());
    Swap { from: object(""), to: object("index.html") }
}

async fn apply(script: &Script, changes: &[Swap<DistributionSetting>]) -> Vec<Result<(), Error>> {
    super::apply::<Distribution>(script, &shop(), changes).await
}

#[tokio::test]
async fn a_distribution_is_read_with_all_its_origins() {
    let found = Cloud::<Distribution>::load(&edge(&cloudfront([])), &home(), &shop(), &[]).await;
    let found = found.unwrap().unwrap();
    assert_eq!(found.viewers[""], ViewerPolicy::AllowAll);
    assert_eq!(found.viewers["/api/*"], ViewerPolicy::HttpsOnly);
    assert_eq!(found.origins[0].kind, OriginKind::Bucket);
    let server = OriginKind::Server { policy: "http-only".into(), protocols: vec!["SSLv3".into()] };
    assert_eq!(found.origins[1].kind, server);
    assert!(!found.logs && !found.acl && !found.certified && !found.dedicated);
    assert!(found.tags.contains_key("AutoRemediate") && found.root_object.is_empty());
}

#[tokio::test]
async fn one_that_is_gone_is_none() {
    let script = Script::to(|request| {
        Some(if request.uri.contains("/tagging") {
            answer(200, TAGS)
        } else {
            no(404, "NoSuchDistribution")
        })
    });
    assert_eq!(Cloud::<Distribution>::load(&edge(&script), &home(), &shop(), &[]).await, Ok(None));
}

#[tokio::test]
async fn all_but_the_change_is_sent_back_in_the_version_that_was_read() {
    let script = cloudfront([done()]);
    assert_eq!(apply(&script, &[to_index()]).await, [Ok(())]);
    let sent = script.requests();
    assert_eq!(sent[1].header("if-match"), Some("V1"));
    let expected = CONFIG.replace("Object></Def", "Object>index.html</Def");
    assert_eq!(sorted(&sent[1].body), sorted(&expected));
}

/// What is said, whatever the order: elements that an SDK may write in another one.
fn sorted(xml: &str) -> Vec<String> {
    let empty = xml.replace("<OriginPath></OriginPath>", "<OriginPath/>");
    let mut parts: Vec<String> = empty.split('<').map(str::to_owned).collect();
    parts.sort();
    parts
}

#[tokio::test]
async fn what_changed_in_between_is_read_again_and_not_for_ever() {
    let stale = || no(412, "PreconditionFailed");
    let script = cloudfront([stale(), done()]);
    assert_eq!(apply(&script, &[to_index()]).await, [Ok(())]);
    assert_eq!(script.requests()[3].header("if-match"), Some("V2"));
    let script = cloudfront([stale(), stale(), stale(), done()]);
    assert!(apply(&script, &[to_index()]).await[0].is_err());
}

#[tokio::test]
async fn a_path_is_changed_by_its_pattern_and_one_that_is_gone_is_refused() {
    let viewers = |path: &str, policy| DistributionSetting::Viewers { path: path.into(), policy };
    let change = |path| Swap {
        from: viewers(path, ViewerPolicy::AllowAll),
        to: viewers(path, ViewerPolicy::RedirectToHttps),
    };
    let script = cloudfront([done()]);
    assert_eq!(apply(&script, &[change(""), change("/api/*")]).await, [Ok(()), Ok(())]);
    assert_eq!(script.requests()[1].body.matches("redirect-to-https").count(), 2);
    let script = cloudfront([done()]);
    let error = apply(&script, &[change("/img/*")]).await.remove(0).unwrap_err().to_string();
    assert!(error.contains("it no longer knows that path"), "{error}");
}
