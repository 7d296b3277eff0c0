/**
 * Takes a link down, for the operator: asks for the reason, which the link's owner and all who open it will read.
 */
import { api } from "../api.js";
import { bytes, t } from "../texts.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { el } from "../ui/element.js";
import { field } from "../ui/field.js";
import { form } from "../ui/form.js";
import { withProof } from "../ui/proof.js";
import { toast } from "../ui/toast.js";

/** In characters, as the server counts them. */
const maxReason = 500;

/**
 * @param {{id: string, owner: string, size: number, state: string, message: string}} link
 * @returns {Promise<boolean>} whether it was taken down
 */
export async function takeDown({ id, owner, size, state, message }) {
  const again = state === "removed";
  const reason = field({ label: t("operator.reason"), name: "reason", rows: 4, value: message, hint: t("operator.reason_hint", { owner }), attributes: { autofocus: true, autocapitalize: "sentences" } });
  const asking = form({
    content: [el("p", { class: "sub" }, t(again ? "operator.reason_what" : "operator.take_down_what", { owner, size: bytes(size) })), reason.element],
    action: t(again ? "operator.reason_save" : "operator.take_down"),
    working: t("operator.taking_down"),
    others: [button(t("ui.cancel"), { click: () => dialog.close(false) })],
    async send() {
      const text = reason.input.value.trim();
      if ([...text].length > maxReason) return reason.problem(t("operator.reason_long", { count: maxReason }));
      const done = await withProof(async () => {
        await api("POST", `/api/operator/links/${id}/removal`, { reason: text });
        return true;
      }, document.body.dataset.name ?? "");
      if (!done) return;
      dialog.close(true);
      toast(t(again ? "operator.reason_saved" : "operator.taken_down"), { kind: "done" });
    },
  });
  if (!again) asking.element.querySelector('[type="submit"]')?.classList.add("danger");
  /** @type {import("../ui/dialog.js").Dialog<boolean>} */
  const dialog = openDialog({ title: t(again ? "operator.reason_change" : "operator.take_down_title"), content: asking.element });
  return await dialog.closed ?? false;
}
