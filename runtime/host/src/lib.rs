//! Loads a policy module and answers questions with it.
