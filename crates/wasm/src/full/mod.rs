//! Policy text to engines, explanations and listings.
//!
//! In: policy documents, deployments, requests as texts. Out: engines, and answers as JSON texts.
//! Never here: deciding on the hot path; `evaluator` is for that.
