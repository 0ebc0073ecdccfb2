// jwtdecodeverify/multiple-keys-one-valid
import type { Entrypoints } from "./677.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"RS256","typ":"JWT"},{"admin":true,"iat":1516239022,"name":"John Doe","sub":"1234567890"}];
export {};
