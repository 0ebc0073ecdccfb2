// valid ipv4 address
import type { Entrypoints } from "./1006.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
