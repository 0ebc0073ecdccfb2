// valid ipv4 cidr
import type { Entrypoints } from "./1003.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
