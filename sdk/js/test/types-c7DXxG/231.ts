// cryptoparseprivatekey/invalid
import type { Entrypoints } from "./231.policy.js";
const answer: Entrypoints["testing/p"]["result"] = null;
export {};
