WITH
-- one row: a live shop that was open before 2025
old_shops AS (
  SELECT s.shop_id AS shop_id, s.country AS country
  FROM shops s
  WHERE NOT s.is_test AND s.opened_on < DATE '2025-01-01'
),
-- one row: an order line with its value net of discount, in cents
lines AS (
  SELECT date_trunc('quarter', o.placed_at AT TIME ZONE 'Europe/Amsterdam') AS quarter,
         sh.country AS country,
         CASE WHEN o.channel = 'web' THEN 'web' ELSE 'store' END AS channel,
         ol.order_id AS order_id,
         ol.line_no AS line_no,
         p.is_ebike AS is_ebike,
         ol.quantity * ol.unit_price_cents - ol.discount_cents AS net_cents
  FROM orders o
  JOIN old_shops sh ON sh.shop_id = o.shop_id
  JOIN order_lines ol ON ol.order_id = o.order_id
  JOIN products p ON p.sku = ol.sku
  WHERE o.status <> 'cancelled'
),
-- one row: a returned order line and what was refunded
refunds AS (
  SELECT r.order_id AS order_id, r.line_no AS line_no, sum(r.refund_cents) AS refund_cents
  FROM returns r
  GROUP BY r.order_id, r.line_no
)
SELECT l.quarter AS quarter, l.country AS country, l.channel AS channel,
       sum(l.net_cents) / 100.0 AS revenue_eur
FROM lines l
LEFT JOIN refunds f ON f.order_id = l.order_id AND f.line_no = l.line_no
GROUP BY l.quarter, l.country, l.channel
ORDER BY l.quarter, l.country, l.channel
