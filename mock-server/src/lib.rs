//! Answers HTTP from a contract.
