{{ audited_rows('larc_stock', references={'practice_id': 'practice'}) }}
