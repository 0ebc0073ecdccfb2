//! Entities, and how Rego and Cedar write them.

use serde_json::{Map, Value, json};

/// A type of entities, by its name in Cedar and by that of its collection in Rego's document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) cedar: &'static str,
    pub(super) rego: &'static str,
}

/// One entity.
pub(super) struct Entity {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) attributes: Vec<(&'static str, Attribute)>,
    /// What it is a member of. All are of one kind.
    pub(super) parents: Vec<(Kind, String)>,
}

/// What an entity has.
pub(super) enum Attribute {
    /// A boolean or a number.
    Plain(Value),
    /// Another entity.
    One(Kind, String),
    /// A set of others.
    Many(Kind, Vec<String>),
}

/// Cedar's array of entities.
pub(super) fn cedar(entities: &[Entity]) -> Value {
    let id = |kind: Kind, id: &str| json!({"type": kind.cedar, "id": id});
    let reference = |kind: Kind, name: &str| json!({"__entity": id(kind, name)});
    let attribute = |attribute: &Attribute| match attribute {
        Attribute::Plain(value) => value.clone(),
        Attribute::One(kind, id) => reference(*kind, id),
        Attribute::Many(kind, ids) => ids.iter().map(|id| reference(*kind, id)).collect(),
    };
    let entity = |entity: &Entity| {
        let attributes = entity.attributes.iter().map(|(name, it)| ((*name).to_owned(), attribute(it)));
        json!({
            "uid": id(entity.kind, &entity.id),
            "attrs": attributes.collect::<Map<_, _>>(),
            "parents": entity.parents.iter().map(|(kind, name)| id(*kind, name)).collect::<Vec<_>>(),
        })
    };
    entities.iter().map(entity).collect()
}

/// Rego's document: `documents.d1.owner`. An entity with nothing but parents is the array of them, so that its collection is a graph.
pub(super) fn rego(entities: &[Entity]) -> Value {
    let mut document = Map::new();
    for Entity { kind, id, attributes, parents } in entities {
        let above: Value = parents.iter().map(|(_, parent)| parent.clone()).collect();
        let value = if attributes.is_empty() {
            above
        } else {
            let mut object: Map<String, Value> =
                attributes.iter().map(|(name, it)| ((*name).to_owned(), plain(it))).collect();
            if let Some((kind, _)) = parents.first() {
                object.insert(kind.rego.to_owned(), above);
            }
            Value::Object(object)
        };
        let collection = document.entry(kind.rego).or_insert_with(|| json!({}));
        if let Value::Object(collection) = collection {
            collection.insert(id.clone(), value);
        }
    }
    Value::Object(document)
}

fn plain(attribute: &Attribute) -> Value {
    match attribute {
        Attribute::Plain(value) => value.clone(),
        Attribute::One(_, id) => json!(id),
        Attribute::Many(_, ids) => json!(ids),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Attribute, Entity, Kind, cedar, rego};

    #[test]
    fn both_write_the_same_relations() {
        let (user, team) = (Kind { cedar: "User", rego: "users" }, Kind { cedar: "Team", rego: "teams" });
        let attributes = vec![("lead", Attribute::One(team, "t2".to_owned())), ("level", Attribute::Plain(json!(3)))];
        let entities = [
            Entity { kind: user, id: "u1".to_owned(), attributes, parents: vec![(team, "t1".to_owned())] },
            Entity { kind: team, id: "t1".to_owned(), attributes: Vec::new(), parents: Vec::new() },
        ];
        let document = json!({"users": {"u1": {"lead": "t2", "level": 3, "teams": ["t1"]}}, "teams": {"t1": []}});
        assert_eq!(rego(&entities), document);
        let team = |id| json!({"type": "Team", "id": id});
        let list = json!([
            {"uid": {"type": "User", "id": "u1"}, "attrs": {"lead": {"__entity": team("t2")}, "level": 3}, "parents": [team("t1")]},
            {"uid": team("t1"), "attrs": {}, "parents": []},
        ]);
        assert_eq!(cedar(&entities), list);
    }
}
