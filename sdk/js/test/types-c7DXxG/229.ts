// cryptoparseprivatekey/valid
import type { Entrypoints } from "./229.policy.js";
const answer: Entrypoints["testing/p"]["result"] = true;
export {};
