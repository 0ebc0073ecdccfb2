// jwtdecodeverify/ps256-iss-ok
import type { Entrypoints } from "./655.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"PS256","typ":"JWT"},{"iss":"xxx"}];
export {};
