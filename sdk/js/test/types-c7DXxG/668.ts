// jwtdecodeverify/es256-unconstrained
import type { Entrypoints } from "./668.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"ES256","typ":"JWT"},{"iss":"xxx"}];
export {};
