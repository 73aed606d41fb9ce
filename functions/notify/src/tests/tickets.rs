//! Tickets: one for each case, for ever.

use remedy::Severity;
use runtime::Stands;
use serde_json::json;

use super::{
    channels::{backlog, jira},
    world::{CASE, Reply, World, heard, news, says},
};

const NOBODY: Vec<String> = Vec::new();

#[tokio::test(start_paused = true)]
async fn jira_s_issue_is_commented_and_moved_when_it_is_over_and_back() {
    let world = jira();
    let notify = world.notify();
    let made = |stands| news(&notify, Severity::Critical, stands);
    assert_eq!(heard(&notify, &[made(Stands::Open)]).await, NOBODY);
    assert_eq!(world.sent(), ["POST /rest/api/3/issue"]);
    assert_eq!(world.case(CASE)["told"]["a"]["ticket"], "SEC-1");
    let moved = [
        "GET /rest/api/3/issue/SEC-1/transitions",
        "POST /rest/api/3/issue/SEC-1/transitions",
        "POST /rest/api/3/issue/SEC-1/comment",
    ];
    assert_eq!(heard(&notify, &[made(Stands::Fixed)]).await, NOBODY);
    assert!(world.state().sent[1].body.contains(r#""id":"31""#));
    assert_eq!(world.sent(), moved);
    assert_eq!(heard(&notify, &[made(Stands::Open)]).await, NOBODY);
    assert!(world.state().sent[1].body.contains(r#""id":"11""#));
    assert_eq!(world.sent(), moved);
}

#[tokio::test(start_paused = true)]
async fn a_transition_that_there_is_not_is_told_in_the_comment() {
    let world = jira();
    let notify = world.notify();
    let made = |stands| news(&notify, Severity::Critical, stands);
    assert_eq!(heard(&notify, &[made(Stands::Open)]).await, NOBODY);
    world.sent();
    world.answers([says(200, &json!({"transitions": [{"id": "5", "name": "Ship"}]}))]);
    assert_eq!(heard(&notify, &[made(Stands::Fixed)]).await, NOBODY);
    assert!(world.state().sent[1].body.contains("found no transition `Done`"));
    assert_eq!(
        world.sent(),
        ["GET /rest/api/3/issue/SEC-1/transitions", "POST /rest/api/3/issue/SEC-1/comment"]
    );
}

#[tokio::test(start_paused = true)]
async fn backlog_s_issue_is_commented_and_moved_in_one_call() {
    let world = backlog();
    let notify = world.notify();
    let made = |stands| news(&notify, Severity::Critical, stands);
    assert_eq!(heard(&notify, &[made(Stands::Open)]).await, NOBODY);
    assert_eq!(world.sent(), ["POST /api/v2/issues"]);
    for (stands, status) in [(Stands::Fixed, "statusId=4&"), (Stands::Open, "statusId=1&")] {
        assert_eq!(heard(&notify, &[made(stands)]).await, NOBODY);
        let body = world.state().sent[0].body.clone();
        assert!(body.contains(status) && body.contains("comment="), "{body}");
        assert_eq!(world.sent(), ["PATCH /api/v2/issues/OPS-1"]);
    }
}

/// Both kinds: what makes an issue, what looks for one, and that one was found.
fn kinds() -> [(World, &'static str, &'static str, Reply, &'static str); 2] {
    let marker = routing::render::backlog::marker(CASE);
    let described = json!([
        {"issueKey": "OPS-3", "description": "others"},
        {"issueKey": "OPS-7", "description": format!("text\n{marker}")},
    ]);
    [
        (
            jira(),
            "POST /rest/api/3/issue",
            "POST /rest/api/3/search/jql",
            says(200, &json!({"issues": [{"id": "9", "key": "SEC-9"}]})),
            "SEC-9",
        ),
        (backlog(), "POST /api/v2/issues", "GET /api/v2/issues", says(200, &described), "OPS-7"),
    ]
}

#[tokio::test(start_paused = true)]
async fn an_issue_whose_answer_was_lost_is_found_and_none_is_made() {
    for lost in
        [|| Reply::Lost, || Reply::Silence, || says(502, &json!("gateway"))] as [fn() -> Reply; 3]
    {
        for (world, make, find, found, key) in kinds() {
            let notify = world.notify();
            let open = news(&notify, Severity::Critical, Stands::Open);
            world.answers([lost(), found]);
            assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, ["m0"]);
            assert_eq!(world.sent(), [make]);
            assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, NOBODY);
            assert_eq!(world.sent(), [find]);
            assert_eq!(world.case(CASE)["told"]["a"]["ticket"], key);
            assert_eq!(heard(&notify, &[open]).await, NOBODY);
            assert_eq!(world.sent(), NOBODY);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn half_an_answer_names_no_issue_and_is_looked_for() {
    for (world, make, find, found, key) in kinds() {
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        world.answers([Reply::Say(script::answer(201, "{\"id\": \"1\", \"k")), found]);
        assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, ["m0"]);
        assert_eq!(heard(&notify, &[open]).await, NOBODY);
        assert_eq!(world.sent(), [make, find]);
        assert_eq!(world.case(CASE)["told"]["a"]["ticket"], key);
    }
}

#[tokio::test(start_paused = true)]
async fn an_issue_that_was_not_made_is_made_after_it_was_looked_for() {
    for (world, make, find, ..) in kinds() {
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        world.answers([Reply::Lost]);
        assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, ["m0"]);
        assert_eq!(heard(&notify, &[open]).await, NOBODY);
        assert_eq!(world.sent(), [make, find, make]);
    }
}

#[tokio::test(start_paused = true)]
async fn who_was_killed_while_telling_may_have_made_an_issue() {
    for (world, _, find, found, key) in kinds() {
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        let killed = json!({
            "pk": {"S": format!("case#{CASE}")}, "sk": {"S": "case"}, "version": {"N": "1"},
            "busy": {"N": (notify.now().timestamp() - 5).to_string()},
        });
        let place = (format!("case#{CASE}"), "case".to_owned());
        world.state().table.insert(place, killed.as_object().unwrap().clone());
        world.answers([found]);
        assert_eq!(heard(&notify, &[open]).await, NOBODY);
        assert_eq!(world.sent(), [find]);
        assert_eq!(world.case(CASE)["told"]["a"]["ticket"], key);
    }
}

#[tokio::test(start_paused = true)]
async fn an_issue_that_people_deleted_is_made_anew_while_the_problem_stands() {
    for (world, make, ..) in kinds() {
        let notify = world.notify();
        let made = |stands| news(&notify, Severity::Critical, stands);
        let gone = || says(404, &json!({"errorMessages": ["gone"]}));
        assert_eq!(heard(&notify, &[made(Stands::Open)]).await, NOBODY);
        world.sent();
        world.answers([gone()]);
        assert_eq!(heard(&notify, &[made(Stands::Fixed)]).await, NOBODY);
        assert_eq!(world.sent().len(), 1, "what is over needs no issue");
        world.answers([gone()]);
        assert_eq!(heard(&notify, &[made(Stands::Open)]).await, NOBODY);
        assert_eq!(world.sent().pop().as_deref(), Some(make));
    }
}
