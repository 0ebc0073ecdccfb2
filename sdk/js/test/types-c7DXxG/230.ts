// cryptoparseprivatekey/invalid
import type { Entrypoints } from "./230.policy.js";
const answer: Entrypoints["testing/p"]["result"] = [];
export {};
