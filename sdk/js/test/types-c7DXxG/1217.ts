// regometadatachain/simple
import type { Entrypoints } from "./1217.policy.js";
const answer: Entrypoints["testing/p"]["result"] = [{"annotations":{"authors":[{"name":"The OPA contributors"}],"scope":"rule","title":"Testing annotations"},"path":["testing","p"]},{"annotations":{"description":"The Rego test suite","scope":"package"},"path":["testing"]}];
export {};
