//! Facets: the public EBS snapshots of an account, and whether there can be any.

use aws_sdk_ec2::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        ManagedBy, OperationType, Snapshot, SnapshotAttributeName, SnapshotBlockPublicAccessState,
    },
};
use catalog::ec2::{
    Blocked, PublicSnapshots, PublicSnapshotsId, SnapshotChange, SnapshotSharing,
    SnapshotSharingId, SnapshotSharingSetting,
};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Ec2,
    pages::{PAGE, Pages, one_by_one},
    rules,
};

/// Everybody, as EC2 calls them.
const EVERYBODY: &str = "all";

impl Cloud<PublicSnapshots> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        _: &PublicSnapshotsId,
        _: &[&Signal],
    ) -> Result<Option<PublicSnapshots>, Error> {
        let ec2 = self.clients.at(place).await?;
        let found = Box::pin(public(&ec2)).await?;
        let snapshots = found.iter().map(|(id, found)| (id.clone(), rules::tags(found.tags())));
        Ok(Some(PublicSnapshots { snapshots: snapshots.collect() }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &PublicSnapshotsId,
        changes: &[SnapshotChange],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, share)
    }
}

impl Cloud<SnapshotSharing> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        _: &SnapshotSharingId,
        _: &[&Signal],
    ) -> Result<Option<SnapshotSharing>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = "read the block of public EBS snapshots";
        let state = ec2.client.get_snapshot_block_public_access_state().send();
        let (state, public) = future::join(state, Box::pin(public(&ec2))).await;
        let state = state
            .map_err(|error| ec2.failed(what, "ec2:GetSnapshotBlockPublicAccessState", &error))?;
        let blocked = match state.state {
            Some(SnapshotBlockPublicAccessState::Unblocked) => Blocked::Nothing,
            Some(SnapshotBlockPublicAccessState::BlockNewSharing) => Blocked::New,
            Some(SnapshotBlockPublicAccessState::BlockAllSharing) => Blocked::All,
            _ => return Err(ec2.odd(what, "the answer does not say what is blocked")),
        };
        Ok(Some(SnapshotSharing {
            blocked,
            is_declared: state.managed_by == Some(ManagedBy::DeclarativePolicy),
            public: public?.into_iter().map(|(id, _)| id).collect(),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &SnapshotSharingId,
        changes: &[Swap<SnapshotSharingSetting>],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, block)
    }
}

/// The account's own snapshots that everybody may restore, with their ids.
async fn public(ec2: &Local<Client>) -> Result<Vec<(String, Snapshot)>, Error> {
    let what = "read the public EBS snapshots";
    let call = ec2.client.describe_snapshots().owner_ids("self").restorable_by_user_ids(EVERYBODY);
    let (mut snapshots, mut pages) = (Vec::new(), Pages::default());
    while !pages.over {
        let call = call.clone().max_results(PAGE).set_next_token(pages.token.clone());
        let answer = call.send().await;
        let answer = answer.map_err(|error| ec2.failed(what, "ec2:DescribeSnapshots", &error))?;
        for snapshot in answer.snapshots.unwrap_or_default() {
            let id = snapshot.snapshot_id.clone();
            snapshots.push((id.ok_or_else(|| ec2.odd(what, "one has no id"))?, snapshot));
        }
        pages.turn(answer.next_token).map_err(|why| ec2.odd(what, why))?;
    }
    Ok(snapshots)
}

async fn share(
    ec2: &Local<Client>,
    _: &PublicSnapshotsId,
    change: &SnapshotChange,
) -> Result<(), Error> {
    let (id, operation) = match change {
        SnapshotChange::Hide(id) => (id, OperationType::Remove),
        SnapshotChange::Publish(id) => (id, OperationType::Add),
    };
    let call = ec2
        .client
        .modify_snapshot_attribute()
        .snapshot_id(id)
        .attribute(SnapshotAttributeName::CreateVolumePermission)
        .operation_type(operation)
        .group_names(EVERYBODY);
    match (call.send().await, change) {
        (Ok(_), _) => Ok(()),
        (Err(error), SnapshotChange::Hide(_))
            if error.code() == Some("InvalidSnapshot.NotFound") =>
        {
            Ok(())
        }
        (Err(error), _) => {
            Err(ec2.failed(&change.to_string(), "ec2:ModifySnapshotAttribute", &error))
        }
    }
}

async fn block(
    ec2: &Local<Client>,
    id: &SnapshotSharingId,
    change: &Swap<SnapshotSharingSetting>,
) -> Result<(), Error> {
    let what = format!("set {} of account {id}", change.to);
    let SnapshotSharingSetting::Blocked(blocked) = change.to;
    let state = match blocked {
        Blocked::Nothing => {
            let answer = ec2.client.disable_snapshot_block_public_access().send().await.map(drop);
            return answer.map_err(|error| {
                ec2.failed(&what, "ec2:DisableSnapshotBlockPublicAccess", &error)
            });
        }
        Blocked::New => SnapshotBlockPublicAccessState::BlockNewSharing,
        Blocked::All => SnapshotBlockPublicAccessState::BlockAllSharing,
    };
    let call = ec2.client.enable_snapshot_block_public_access().state(state);
    let answer = call.send().await.map(drop);
    answer.map_err(|error| ec2.failed(&what, "ec2:EnableSnapshotBlockPublicAccess", &error))
}
