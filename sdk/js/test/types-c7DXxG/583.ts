// inputvalues/loopback
import type { Entrypoints } from "./583.policy.js";
const answer: Entrypoints["z/loopback"]["result"] = undefined;
export {};
