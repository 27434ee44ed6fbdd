/**
 * Following a link also sends a form in the background: what was opened is read. The form is there for those
 * without script, too; that it was sent changes nothing on the page that is left.
 *
 * @example <a href="/members/nila/" data-sends="read-12">…</a> <form id="read-12" method="post" action="/inbox/…/read/">
 */
export function sendsAlong(root: Document): void {
  const follow = (event: Event): void => {
    const link = (event.target as Element).closest<HTMLElement>("a[data-sends]");
    const form = root.getElementById(link?.dataset.sends ?? "");
    if (form instanceof HTMLFormElement) send(form);
  };
  root.addEventListener("click", follow);
  root.addEventListener("auxclick", (event) => {
    if (event.button === 1) follow(event); // the middle button opens a tab
  });
}

/** Goes on when the page is left meanwhile; whether it arrives is nobody's trouble. */
function send(form: HTMLFormElement): void {
  fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { "HX-Request": "true" },
    keepalive: true,
  }).catch(() => undefined);
}
