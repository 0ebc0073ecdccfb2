// valid ipv6 cidr
import type { Entrypoints } from "./1007.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
