//! What is recorded: CloudTrail, `CloudWatch` and AWS Config.

mod alarm;
mod event_store;
mod fence;
mod given;
mod log_group;
mod patterns;
mod recorder;
mod trail;
mod trails;
mod watch;
#[cfg(test)]
mod watching;

pub use alarm::{Alarm, AlarmId, AlarmSetting, AlarmState};
pub use event_store::{EventStore, EventStoreId, EventStoreKey};
pub use log_group::{LogGroup, LogGroupId, Retention};
pub use recorder::{Recorder, RecorderChange, Recorders, RecordersId};
pub use trail::{Delivery, Trail, TrailId, TrailSetting};
pub use trails::{AccountTrail, Reach, Trails, TrailsChange, TrailsId};
pub use watch::{MetricFilter, OurAlarm, Watch, WatchAlarm, WatchChange, WatchId};

crate::remediations! {
    deliver_trail::DeliverTrail,
    enable_alarm::EnableAlarm,
    encrypt_event_store::EncryptEventStore,
    encrypt_trail::EncryptTrail,
    keep_logs::KeepLogs,
    notify_by_alarm::NotifyByAlarm,
    record_calls::RecordCalls,
    start_recorder::StartRecorder,
    validate_trail::ValidateTrail,
    watch_account::WatchAccount,
}
