/** @returns SQL for what a matcher compares with, as a list of texts: the elements of its value, or the value alone */
export function matcherValues(matcher: string): string {
  const value = `${matcher} -> 'value'`;
  const list = `case jsonb_typeof(${value}) when 'array' then ${value} else jsonb_build_array(${value}) end`;
  return `array(select jsonb_array_elements_text(${list}))`;
}
