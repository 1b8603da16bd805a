// What the pages of signed links do: send the form to where the page came from, and say what came of it.
function onReply(bodyOf, thanksOf) {
  const form = document.getElementById("reply");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const result = document.getElementById("result");
    try {
      const response = await fetch(location.pathname, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(bodyOf(form)),
      });
      const told = await response.json();
      result.textContent = response.ok ? thanksOf(told) : told.detail;
      if (response.ok) { form.hidden = true; document.getElementById("before").hidden = true; }
    } catch {
      result.textContent = "The catalog was not reached. Try again.";
    }
  });
}
