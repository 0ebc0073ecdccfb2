// jwtdecodeverify/ps256-unconstrained
import type { Entrypoints } from "./652.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"PS256","typ":"JWT"},{"iss":"xxx"}];
export {};
