//! The three worlds: who and what there is, and who asks for what.

use serde_json::{Value, json};

use super::entity::{Attribute, Entity, Kind};
use super::random::Random;

/// A policy's entities and requests.
pub(super) struct World {
    /// The folder of its policies, and their package.
    pub(super) name: &'static str,
    /// The type of its resources.
    pub(super) resource: &'static str,
    /// Makes so many entities of each type.
    pub(super) entities: fn(usize, &mut Random) -> Vec<Entity>,
    actions: &'static [&'static str],
    /// What the names of resources begin with.
    prefix: &'static str,
}

/// All of them.
pub(super) const WORLDS: &[World] = &[
    World {
        name: "documents",
        resource: "Document",
        entities: documents,
        actions: &["read", "write", "delete"],
        prefix: "doc",
    },
    World {
        name: "repositories",
        resource: "Repository",
        entities: repositories,
        actions: &["read", "fork", "push", "configure"],
        prefix: "repo",
    },
    World { name: "tasks", resource: "List", entities: tasks, actions: &["view", "update", "delete"], prefix: "list" },
];

const USER: Kind = Kind { cedar: "User", rego: "users" };
const GROUP: Kind = Kind { cedar: "Group", rego: "groups" };
const DOCUMENT: Kind = Kind { cedar: "Document", rego: "documents" };
const TEAM: Kind = Kind { cedar: "Team", rego: "teams" };
const REPOSITORY: Kind = Kind { cedar: "Repository", rego: "repositories" };
const LIST: Kind = Kind { cedar: "List", rego: "lists" };

impl World {
    /// A request: anybody, anything, any action.
    pub(super) fn request(&self, size: usize, random: &mut Random) -> Value {
        json!({
            "principal": format!("user{}", random.below(size)),
            "action": random.of(self.actions),
            "resource": format!("{}{}", self.prefix, random.below(size)),
        })
    }
}

/// Groups share documents to read and to write; they lie within each other.
fn documents(size: usize, random: &mut Random) -> Vec<Entity> {
    let mut entities = members(size, random, GROUP, "group");
    for number in 0..size {
        let attributes = vec![
            ("owner", Attribute::One(USER, format!("user{}", random.below(size)))),
            ("published", Attribute::Plain(json!(random.once_in(8)))),
            ("readers", Attribute::Many(GROUP, several(6, size, random, "group"))),
            ("editors", Attribute::Many(GROUP, several(3, size, random, "group"))),
        ];
        entities.push(Entity { kind: DOCUMENT, id: format!("doc{number}"), attributes, parents: Vec::new() });
    }
    entities
}

/// A team for each role in a repository.
fn repositories(size: usize, random: &mut Random) -> Vec<Entity> {
    let mut entities = members(size, random, TEAM, "team");
    for number in 0..size {
        let mut team = || Attribute::One(TEAM, format!("team{}", popular(size, random)));
        let roles = vec![("readers", team()), ("writers", team()), ("admins", team())];
        let archived = ("archived", Attribute::Plain(json!(random.once_in(10))));
        let attributes = roles.into_iter().chain([archived]).collect();
        entities.push(Entity { kind: REPOSITORY, id: format!("repo{number}"), attributes, parents: Vec::new() });
    }
    entities
}

/// Users have a level and may be away; lists belong to somebody, and two teams share each.
fn tasks(size: usize, random: &mut Random) -> Vec<Entity> {
    let mut entities = Vec::new();
    for number in 0..size {
        let attributes = vec![
            ("level", Attribute::Plain(json!(1 + random.below(3)))),
            ("away", Attribute::Plain(json!(random.once_in(6)))),
        ];
        let teams = several(8, size, random, "team");
        let parents = teams.into_iter().map(|team| (TEAM, team)).collect();
        entities.push(Entity { kind: USER, id: format!("user{number}"), attributes, parents });
        entities.push(Entity { kind: TEAM, id: format!("team{number}"), attributes: Vec::new(), parents: Vec::new() });
    }
    for number in 0..size {
        let mut team = || Attribute::One(TEAM, format!("team{}", popular(size, random)));
        let shared = vec![("readers", team()), ("editors", team())];
        let owner = ("owner", Attribute::One(USER, format!("user{}", random.below(size))));
        let attributes = shared.into_iter().chain([owner]).collect();
        entities.push(Entity { kind: LIST, id: format!("list{number}"), attributes, parents: Vec::new() });
    }
    entities
}

/// Users in up to three groups each, and groups in one that was there before them.
fn members(size: usize, random: &mut Random, kind: Kind, prefix: &str) -> Vec<Entity> {
    let mut entities = Vec::new();
    for number in 0..size {
        let above = if number == 0 { Vec::new() } else { vec![(kind, format!("{prefix}{}", random.below(number)))] };
        entities.push(Entity { kind, id: format!("{prefix}{number}"), attributes: Vec::new(), parents: above });
        let parents = several(3, size, random, prefix).into_iter().map(|group| (kind, group)).collect();
        entities.push(Entity { kind: USER, id: format!("user{number}"), attributes: Vec::new(), parents });
    }
    entities
}

/// Between one and so many different names.
fn several(most: usize, size: usize, random: &mut Random, prefix: &str) -> Vec<String> {
    let mut names: Vec<String> =
        (0..=random.below(most)).map(|_| format!("{prefix}{}", popular(size, random))).collect();
    names.sort();
    names.dedup();
    names
}

/// A number below the size, a small one more often: some groups have many members, and most have few.
fn popular(size: usize, random: &mut Random) -> usize {
    let limit = random.below(size) + 1;
    random.below(limit)
}
