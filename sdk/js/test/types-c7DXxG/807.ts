// keywordrefs/null keyword rule refhead, partial object
import type { Entrypoints } from "./807.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
