//! The matrix, and the question that it answers: can this be deployed?

mod answer;
mod question;
mod reasons;

pub use answer::{CanIDeploy, Row, RowResult, RowVersion, Summary};
pub use question::{
    DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion, DeployTarget, Ignored, MatrixSelector, VersionChoice,
};
pub use reasons::{Checked, FailedInteraction, Reason, TreatyExtension};
