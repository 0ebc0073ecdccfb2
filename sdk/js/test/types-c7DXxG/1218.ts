// regometadatachain/rule mixed scope
import type { Entrypoints } from "./1218.policy.js";
const answer: Entrypoints["testing/p"]["result"] = [{"annotations":{"scope":"rule","title":"Another annotation"},"path":["testing","p"]},{"annotations":{"authors":[{"name":"The OPA contributors"}],"scope":"document","title":"Testing annotations"},"path":["testing","p"]},{"annotations":{"description":"The Rego test suite","scope":"package"},"path":["testing"]}];
export {};
