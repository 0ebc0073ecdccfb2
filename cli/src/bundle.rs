//! Bundles: what the files of a bundle mean, and how one is written (OPA's `v1/bundle`).

use std::io::{self, Read, Write};

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use regoc_compiler::source::RegoVersion;
use serde_json::{Map, Value};

use crate::json;

/// The name of a bundle's manifest.
pub(crate) const MANIFEST: &str = ".manifest";

/// The name of a bundle's signatures.
const SIGNATURES: &str = ".signatures.json";
/// The name of a bundle's plan.
pub(crate) const PLAN: &str = "plan.json";
/// The name of a delta bundle's only file.
const PATCH: &str = "patch.json";
/// The most that one file of an archive may hold, as OPA has it: 1 GiB.
const MOST_BYTES: u64 = 1 << 30;

/// What a bundle says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Manifest {
    /// The revision.
    pub(crate) revision: String,
    /// What the bundle owns, without slashes at the ends; `None` when it does not say, which means everything.
    pub(crate) roots: Option<Vec<String>>,
    /// The version of Rego that its policies are written in.
    pub(crate) rego_version: Option<i64>,
    /// The same for files that differ, by pattern.
    pub(crate) file_rego_versions: Vec<(String, i64)>,
    /// The entrypoints of wasm modules.
    pub(crate) wasm: Vec<Resolver>,
    /// Anything else its author wants to say.
    pub(crate) metadata: Option<Map<String, Value>>,
}

/// A document that a wasm module stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Resolver {
    /// The entrypoint of the module.
    pub(crate) entrypoint: String,
    /// The path of the module.
    pub(crate) module: String,
    /// The metadata of the document's rules.
    pub(crate) annotations: Vec<Value>,
}

impl Resolver {
    fn of(json: &Value) -> Option<Self> {
        let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
        let annotations = json.get("annotations").and_then(Value::as_array).cloned().unwrap_or_default();
        Some(Self { entrypoint: text("entrypoint")?, module: text("module")?, annotations })
    }

    fn to_text(&self) -> String {
        let string = |text: &str| json::compact(&Value::from(text));
        let annotations = match self.annotations.as_slice() {
            [] => String::new(),
            some => format!(",\"annotations\":[{}]", some.iter().map(json::compact).collect::<Vec<_>>().join(",")),
        };
        format!("{{\"entrypoint\":{},\"module\":{}{annotations}}}", string(&self.entrypoint), string(&self.module))
    }
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// When the text is not one.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let manifest = Self::decode(text).map_err(|error| format!("bundle load failed on manifest decode: {error}"))?;
        manifest.check_roots()?;
        Ok(manifest)
    }

    fn decode(text: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "the manifest is not UTF-8".to_owned())?;
        let Value::Object(mut fields) = json::parse(text)? else {
            return Err("the manifest is not an object".to_owned());
        };
        let mut manifest = Self::default();
        if let Some(Value::String(revision)) = fields.swap_remove("revision") {
            manifest.revision = revision;
        }
        if let Some(Value::Array(roots)) = fields.swap_remove("roots") {
            let roots = roots.iter().filter_map(Value::as_str).map(|root| root.trim_matches('/').to_owned()).collect();
            manifest.roots = Some(roots);
        }
        manifest.rego_version = version(fields.get("rego_version"), "rego_version")?;
        if let Some(Value::Object(versions)) = fields.swap_remove("file_rego_versions") {
            for (glob, number) in &versions {
                let number = version(Some(number), "file_rego_versions")?;
                manifest.file_rego_versions.extend(number.map(|number| (glob.clone(), number)));
            }
            // OPA tries the patterns in this order.
            manifest.file_rego_versions.sort();
        }
        if let Some(Value::Array(resolvers)) = fields.swap_remove("wasm") {
            manifest.wasm = resolvers.iter().filter_map(Resolver::of).collect();
        }
        if let Some(Value::Object(metadata)) = fields.swap_remove("metadata") {
            manifest.metadata = Some(metadata);
        }
        Ok(manifest)
    }

    /// The roots; the empty root owns everything.
    pub(crate) fn roots(&self) -> Vec<String> {
        self.roots.clone().unwrap_or_else(|| vec![String::new()])
    }

    fn check_roots(&self) -> Result<(), String> {
        let roots = self.roots();
        for (index, a) in roots.iter().enumerate() {
            for b in roots.iter().skip(index + 1) {
                if overlap(a, b) {
                    return Err(format!("manifest has overlapped roots: '{a}' and '{b}'"));
                }
            }
        }
        Ok(())
    }

    /// The version of Rego that a file is written in, if the manifest says.
    ///
    /// # Errors
    ///
    /// When it names a version that there is not.
    pub(crate) fn version_of(&self, path: &str) -> Result<Option<RegoVersion>, String> {
        let special = self.file_rego_versions.iter().find(|(pattern, _)| matches_glob(pattern, path));
        match special.map(|(_, version)| *version).or(self.rego_version) {
            None => Ok(None),
            Some(0) => Ok(Some(RegoVersion::V0)),
            Some(1) => Ok(Some(RegoVersion::V1)),
            Some(2) => Ok(Some(RegoVersion::V2)),
            Some(other) => Err(format!("unknown bundle rego-version {other} for file '{path}'")),
        }
    }

    /// The text of the manifest, as OPA writes it.
    pub(crate) fn to_text(&self) -> String {
        let string = |text: &str| json::compact(&Value::from(text));
        let roots: Vec<String> = self.roots().iter().map(|root| string(root)).collect();
        let mut fields =
            vec![format!("\"revision\":{}", string(&self.revision)), format!("\"roots\":[{}]", roots.join(","))];
        if !self.wasm.is_empty() {
            let wasm: Vec<String> = self.wasm.iter().map(Resolver::to_text).collect();
            fields.push(format!("\"wasm\":[{}]", wasm.join(",")));
        }
        if let Some(version) = self.rego_version {
            fields.push(format!("\"rego_version\":{version}"));
        }
        if !self.file_rego_versions.is_empty() {
            let versions: Vec<String> =
                self.file_rego_versions.iter().map(|(glob, version)| format!("{}:{version}", string(glob))).collect();
            fields.push(format!("\"file_rego_versions\":{{{}}}", versions.join(",")));
        }
        if let Some(metadata) = &self.metadata {
            fields.push(format!("\"metadata\":{}", json::compact(&Value::Object(metadata.clone()))));
        }
        format!("{{{}}}\n", fields.join(","))
    }
}

/// The number of a version of Rego in a manifest; none for `null`.
fn version(value: Option<&Value>, field: &str) -> Result<Option<i64>, String> {
    let kind = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(version) => return Ok(Some(version)),
            None => format!("number {number}"),
        },
        Some(Value::Bool(_)) => "bool".to_owned(),
        Some(Value::String(_)) => "string".to_owned(),
        Some(Value::Array(_)) => "array".to_owned(),
        Some(Value::Object(_)) => "object".to_owned(),
    };
    Err(format!("json: cannot unmarshal {kind} into Go struct field Manifest.{field} of type int"))
}

/// Whether one root lies inside the other.
pub(crate) fn overlap(a: &str, b: &str) -> bool {
    contains(a, b) || contains(b, a)
}

/// Whether a path lies inside a root. Both are written with slashes, without one at the ends.
pub(crate) fn contains(root: &str, path: &str) -> bool {
    root.is_empty() || path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a pattern of the manifest names a file. `*` stands for any characters but a slash, `**` for any.
fn matches_glob(pattern: &str, path: &str) -> bool {
    fn matches(pattern: &[u8], path: &[u8]) -> bool {
        match pattern {
            [] => path.is_empty(),
            [b'*', b'*', rest @ ..] => {
                (0..=path.len()).any(|at| path.get(at..).is_some_and(|path| matches(rest, path)))
            }
            [b'*', rest @ ..] => {
                let free = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
                (0..=free).any(|at| path.get(at..).is_some_and(|path| matches(rest, path)))
            }
            [b'?', rest @ ..] => {
                path.first().is_some_and(|byte| *byte != b'/') && matches(rest, path.get(1..).unwrap_or_default())
            }
            [byte, rest @ ..] => path.first() == Some(byte) && matches(rest, path.get(1..).unwrap_or_default()),
        }
    }
    matches(pattern.trim_start_matches('/').as_bytes(), path.trim_start_matches('/').as_bytes())
}

/// What a file of a bundle is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Rego.
    Policy,
    /// JSON below the path of its folder.
    JsonData,
    /// YAML below the path of its folder.
    YamlData,
    /// The manifest.
    Manifest,
    /// The signatures.
    Signatures,
    /// A WebAssembly module.
    Module,
    /// A plan of OPA's.
    Plan,
    /// A change to another bundle.
    Patch,
    /// Nothing to OPA.
    Other,
}

/// What the file of a path is for.
pub(crate) fn role(path: &str) -> Role {
    let path = path.trim_start_matches("./").trim_start_matches('/');
    match path.rsplit('/').next().unwrap_or_default() {
        MANIFEST if path == MANIFEST => Role::Manifest,
        PATCH if path == PATCH => Role::Patch,
        PLAN if path == PLAN => Role::Plan,
        SIGNATURES => Role::Signatures,
        "data.json" => Role::JsonData,
        "data.yaml" | "data.yml" => Role::YamlData,
        name if name.ends_with(".rego") => Role::Policy,
        name if name.ends_with(".wasm") => Role::Module,
        _ => Role::Other,
    }
}

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// The path as the archive has it.
    pub(crate) path: String,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
}

/// Reads the files of a gzipped tar archive.
///
/// # Errors
///
/// When the bytes are not such an archive or a file is too large.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<Member>, String> {
    let failed = |error: io::Error| format!("bundle read failed: archive read failed: {error}");
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    let mut members = Vec::new();
    for entry in archive.entries().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut bytes = Vec::new();
        // The size in the header is the archive's word only: what is read is limited too.
        entry.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(format!("bundle file '{path}' exceeds max size of {MOST_BYTES} bytes"));
        }
        members.push(Member { path, bytes });
    }
    Ok(members)
}

/// Writes files as a gzipped tar archive. The same files give the same bytes.
///
/// # Errors
///
/// When the writer fails.
pub(crate) fn pack(members: &[Member], out: &mut dyn Write) -> io::Result<()> {
    let mut encoder = GzEncoder::new(out, flate2::Compression::default());
    for member in members {
        // The builder of the tar library drops a slash at the beginning, which OPA writes.
        let mut header = tar::Header::new_ustar();
        set_path(&mut header, &member.path)?;
        header.set_size(member.bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(0);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        encoder.write_all(header.as_bytes())?;
        encoder.write_all(&member.bytes)?;
        let padding = member.bytes.len().next_multiple_of(BLOCK) - member.bytes.len();
        encoder.write_all(&[0; BLOCK][..padding])?;
    }
    encoder.write_all(&[0; 2 * BLOCK])?;
    encoder.finish()?.flush()
}

/// The unit of a tar archive.
const BLOCK: usize = 512;

fn set_path(header: &mut tar::Header, path: &str) -> io::Result<()> {
    let too_long =
        || io::Error::new(io::ErrorKind::InvalidInput, format!("the path `{path}` is too long for a bundle"));
    let ustar = header.as_ustar_mut().ok_or_else(too_long)?;
    let bytes = path.as_bytes();
    // A long path is split at a slash: the name field holds 100 bytes, the prefix field 155.
    let (prefix, name) = if bytes.len() <= ustar.name.len() {
        (b"".as_slice(), bytes)
    } else {
        let at = (1..bytes.len())
            .find(|at| bytes.get(*at) == Some(&b'/') && bytes.len() - at - 1 <= ustar.name.len())
            .filter(|at| *at <= ustar.prefix.len())
            .ok_or_else(too_long)?;
        (bytes.get(..at).unwrap_or_default(), bytes.get(at + 1..).unwrap_or_default())
    };
    for (field, value) in [(ustar.name.as_mut_slice(), name), (ustar.prefix.as_mut_slice(), prefix)] {
        field.fill(0);
        field.get_mut(..value.len()).ok_or_else(too_long)?.copy_from_slice(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Manifest, Member, Role, contains, matches_glob, pack, role, unpack};

    #[test]
    fn archives_round_trip() {
        let long = format!("/{}/{}.rego", "d".repeat(90), "f".repeat(60));
        let members: Vec<Member> = ["/data.json", "/a/b.rego", long.as_str()]
            .into_iter()
            .map(|path| Member { path: path.to_owned(), bytes: path.repeat(100).into_bytes() })
            .collect();
        let mut bytes = Vec::new();
        assert!(pack(&members, &mut bytes).is_ok());
        assert_eq!(unpack(&bytes), Ok(members));
        assert!(unpack(bytes.get(..bytes.len() / 2).unwrap_or_default()).is_err());
        assert!(unpack(b"no archive").is_err());
        let too_long = Member { path: "f".repeat(300), bytes: Vec::new() };
        assert!(pack(&[too_long], &mut Vec::new()).is_err());
    }

    #[test]
    fn manifests_round_trip() {
        let text = "{\"revision\":\"r\",\"roots\":[\"a\",\"b/c\"],\"wasm\":[{\"entrypoint\":\"a/p\",\"module\":\"/policy.wasm\"},\
                    {\"entrypoint\":\"a/q\",\"module\":\"/policy.wasm\",\"annotations\":[{\"scope\":\"rule\"}]}],\"rego_version\":1,\"file_rego_versions\":{\"/x.rego\":0},\"metadata\":{\"k\":1}}\n";
        assert_eq!(Manifest::parse(text.as_bytes()).map(|manifest| manifest.to_text()).as_deref(), Ok(text));
        assert!(Manifest::parse(br#"{"roots":["a","a/b"]}"#).is_err());
        assert!(Manifest::parse(b"{").is_err());
    }

    #[test]
    fn roots_and_patterns() {
        assert!(contains("a", "a/b") && contains("", "x") && contains("a", "a") && !contains("a", "ab"));
        assert!(matches_glob("*/x.rego", "/a/x.rego") && !matches_glob("*.rego", "a/x.rego"));
        assert!(matches_glob("**/x.rego", "a/b/x.rego") && matches_glob("/a.rego", "a.rego"));
    }

    #[test]
    fn roles() {
        for (path, wanted) in [
            ("/.manifest", Role::Manifest),
            ("./.manifest", Role::Manifest),
            ("a/.manifest", Role::Other),
            ("a/data.yml", Role::YamlData),
            ("data.json", Role::JsonData),
            ("x/other.json", Role::Other),
            ("policy.wasm", Role::Module),
        ] {
            assert_eq!(role(path), wanted, "{path}");
        }
    }
}
