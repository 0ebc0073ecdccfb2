//! Relation policies of our own, each with a twin for Cedar: documents shared with groups, repositories with teams, task lists.
//!
//! The entities of a row are made from a seed, so many of each type, and written twice: as a document for Rego and as Cedar's entities.
//! They are held as data, as Cedar holds them, or come with each request.

mod entity;
mod random;
mod worlds;

use std::path::Path;

use anyhow::{Context, Result};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::workload::read;
use serde_json::{Value, json};

use crate::question::{Question, Twin};
use entity::{cedar, rego};
use random::Random;
use worlds::{WORLDS, World};

/// How many entities of each type there are.
pub const SIZES: [usize; 3] = [5, 50, 500];

/// How many requests are asked of those that hold the entities.
const REQUESTS: usize = 200;

/// How many requests are asked that bring their entities, each of which is as large as all the data.
const LARGE_REQUESTS: usize = 20;

/// Where the entities are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Held: in the data.
    Data,
    /// In each request.
    Input,
}

/// All rows of a seed, with their files in a folder.
///
/// # Errors
/// When a file cannot be read or written.
pub fn questions(seed: u64, folder: &TemporaryFolder) -> Result<Vec<Question>> {
    let mut questions = Vec::new();
    for world in WORLDS {
        for place in [Place::Data, Place::Input] {
            for size in SIZES {
                questions.push(question(world, place, size, seed, folder)?);
            }
        }
    }
    Ok(questions)
}

fn question(world: &World, place: Place, size: usize, seed: u64, folder: &TemporaryFolder) -> Result<Question> {
    let mut random = Random::new(seed, world.name, size as u64);
    let entities = (world.entities)(size, &mut random);
    let (for_rego, for_cedar) = (rego(&entities), cedar(&entities));
    let name = match place {
        Place::Data => format!("{}-{size}", world.name),
        Place::Input => format!("{}-input-{size}", world.name),
    };
    let count = if place == Place::Data { REQUESTS } else { LARGE_REQUESTS };
    let requests: Vec<Value> = (0..count).map(|_| world.request(size, &mut random)).collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("relations").join(world.name);
    let policy = read(&source.join("policy.rego"))?;
    let write = |file: &str, text: &str| folder.write(&format!("{name}/{file}"), text.as_bytes());
    let (policy, data, held) = match place {
        Place::Data => (policy, json!({"entities": for_rego}), for_cedar.clone()),
        Place::Input => (policy.replace("data.entities", "input.entities"), json!({}), json!([])),
    };
    let inputs =
        |entities: &Value| requests.iter().map(|request| with(request, entities, place)).collect::<Result<_>>();
    Ok(Question {
        entrypoint: format!("{}/allow", world.name),
        policy: write("policy.rego", &policy)?,
        data: write("data.json", &data.to_string())?,
        inputs: inputs(&for_rego)?,
        timed: count,
        cedar: Some(Twin {
            policy: source.join("policy.cedar"),
            entities: write("entities.json", &held.to_string())?,
            resource: world.resource,
            requests: inputs(&for_cedar)?,
        }),
        name,
    })
}

/// The text of a request, with its entities where it brings them.
fn with(request: &Value, entities: &Value, place: Place) -> Result<String> {
    let mut request = request.clone();
    if place == Place::Input {
        request.as_object_mut().context("a request is an object")?.insert("entities".to_owned(), entities.clone());
    }
    Ok(request.to_string())
}

#[cfg(test)]
mod tests {
    use regoc_runtime::{Compilation, Data, Decision, Input, Runtime};
    use regoc_spec_tests::build::module;
    use regoc_spec_tests::folder::TemporaryFolder;
    use regoc_spec_tests::workload::read;

    use super::questions;

    #[test]
    fn the_same_seed_gives_the_same_requests_and_another_one_others() {
        let of = |seed| {
            let folder = TemporaryFolder::new().expect("a folder");
            let all = questions(seed, &folder).expect("questions");
            all.into_iter().map(|it| (it.inputs, it.cedar.map(|twin| twin.requests))).collect::<Vec<_>>()
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn requests_are_allowed_and_denied_and_answers_are_the_same_wherever_entities_are() {
        let folder = TemporaryFolder::new().expect("a folder");
        let runtime = Runtime::builder().compilation(Compilation::Baseline).build().expect("a runtime");
        for question in questions(1, &folder).expect("questions").iter().filter(|it| it.name.ends_with("-50")) {
            let bytes = module(&[("policy.rego", &read(&question.policy).expect("a policy"))], &[&question.entrypoint]);
            let policy = runtime.load(&bytes.expect("a module")).expect("a policy");
            let mut instance = policy.instance().expect("an instance");
            instance.set_data(&Data::from_json(&read(&question.data).expect("data")).expect("data")).expect("data");
            let entrypoint = policy.entrypoint(&question.entrypoint).expect("an entrypoint");
            let allowed = question.inputs.iter().filter(|input| {
                let input = Input::from_json(input).expect("an input");
                instance.evaluate(entrypoint, &input).expect("a decision") == Decision::Defined(true.into())
            });
            let (allowed, all) = (allowed.count(), question.inputs.len());
            assert!(allowed * 10 > all && allowed * 10 < all * 9, "{}: {allowed} of {all} are allowed", question.name);
        }
    }
}
