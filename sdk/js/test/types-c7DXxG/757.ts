// keywordrefs/contains keyword rule refhead, partial set
import type { Entrypoints } from "./757.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
