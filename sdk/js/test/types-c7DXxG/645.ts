// jwtbuiltins/simple-non-registered
import type { Entrypoints } from "./645.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [{"alg":"HS256","typ":"JWT"},{"iss":"opa","new":"I am a user created field"},"e949a3b1c9550c60fd8dc997fc5f112735601ed519b8bbb6a71905fd41100ab1"];
export {};
