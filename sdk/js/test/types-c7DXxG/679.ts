// jwtdecodeverify/hs256-float-nbf
import type { Entrypoints } from "./679.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"HS256","typ":"JWT"},{"iss":"xxx","nbf":1000.1}];
export {};
