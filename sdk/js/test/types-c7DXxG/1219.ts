// regometadatachain/package spanning modules
import type { Entrypoints } from "./1219.policy.js";
const answer: Entrypoints["testing/p"]["result"] = [{"path":["testing","p"]},{"annotations":{"description":"A set of package annotations seen across multiple modules","scope":"package"},"path":["testing"]}];
export {};
