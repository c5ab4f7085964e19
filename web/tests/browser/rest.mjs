/** A server that ends a kept connection may do so while a request is under way: then it is made again. */
const request = (...what) =>
  fetch(...what).catch((error) => {
    if (error.cause?.code !== "UND_ERR_SOCKET") throw error;
    return fetch(...what);
  });

/** Who calls the API with a token: (method, path, body) gives the answer's JSON, or null without one. */
export const caller = (url, token) => async (method, path, body) => {
  const answer = await request(`${url}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
};
