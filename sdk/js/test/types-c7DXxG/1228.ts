// replacen/replace multiple patterns
import type { Entrypoints } from "./1228.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["This is &lt;b&gt;HTML&lt;/b&gt;!"];
export {};
