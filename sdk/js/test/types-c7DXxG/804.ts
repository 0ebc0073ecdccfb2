// keywordrefs/null keyword rule refhead
import type { Entrypoints } from "./804.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
