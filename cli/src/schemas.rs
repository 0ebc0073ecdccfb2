//! The files of `--schema`: one JSON Schema for `input`, or a folder of them that metadata can name.

use std::fs;
use std::path::Path;

use regoc_compiler::source::Name;
use regoc_compiler::types::SchemaSet;

use crate::failure::Failure;
use crate::files;

/// What the path of every schema begins with.
const ROOT: &str = "schema";

/// Reads a schema, or all schemas below a folder: `a/b.json` there is called `schema.a.b`.
///
/// # Errors
///
/// When a file cannot be read, or is neither JSON nor YAML.
pub(crate) fn load(path: &str) -> Result<SchemaSet, Failure> {
    let mut schemas = SchemaSet::new();
    let root = vec![Name::from(ROOT)];
    if Path::new(path).is_dir() {
        add_folder(path, &root, &mut schemas).map_err(Failure::message)?;
    } else {
        schemas.insert(root, schema(path).map_err(Failure::message)?);
    }
    // To OPA, `null` is no schema at all.
    schemas.retain(|_, text| text.trim() != "null");
    Ok(schemas)
}

fn schema(path: &str) -> Result<Name, String> {
    let text = files::read_text(path)?;
    files::json_or_yaml(&text).map(Name::from).map_err(|error| format!("{path}: {error}"))
}

fn add_folder(folder: &str, name: &[Name], schemas: &mut SchemaSet) -> Result<(), String> {
    let failed = |path: &str, error: &std::io::Error| format!("open {path}: {}", files::reason(error));
    for entry in files::names_in(folder).map_err(|error| failed(folder, &error))? {
        let path = format!("{}/{entry}", folder.trim_end_matches('/'));
        let is_folder = fs::metadata(&path).map_err(|error| failed(&path, &error))?.is_dir();
        let stem =
            if is_folder { entry.as_str() } else { entry.rsplit_once('.').map_or(entry.as_str(), |(stem, _)| stem) };
        let mut inside = name.to_vec();
        inside.push(Name::from(stem));
        if is_folder {
            add_folder(&path, &inside, schemas)?;
        } else {
            schemas.insert(inside, schema(&path)?);
        }
    }
    Ok(())
}
